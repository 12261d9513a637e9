// 154baf8c00888991
import{a,b,c}from"./part-E2PQKMCQ.js";import"./part-VDLKHULK.js";export{c as asBlob,a as shrink,b as toJpeg};
