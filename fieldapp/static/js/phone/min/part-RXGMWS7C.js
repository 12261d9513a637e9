// f95404b30101d35f
import{a,b,c}from"./part-23IKS3DE.js";import"./part-3TP46YMH.js";export{c as asBlob,a as shrink,b as toJpeg};
