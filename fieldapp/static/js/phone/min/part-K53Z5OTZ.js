// acf55fd9b8ede0bf
import{a,b,c}from"./part-ZKSMS7RG.js";import"./part-H5E77DNR.js";export{c as asBlob,a as shrink,b as toJpeg};
