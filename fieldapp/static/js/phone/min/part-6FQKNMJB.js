// 727e48af72159258
import{a,b,c}from"./part-QDWKYU3M.js";import"./part-JYLD74LP.js";export{c as asBlob,a as shrink,b as toJpeg};
