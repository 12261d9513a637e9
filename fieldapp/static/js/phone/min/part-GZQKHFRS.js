// 154baf8c00888991
import{a,b,c}from"./part-NHPZ7AJE.js";import"./part-H2Z72M4C.js";export{c as asBlob,a as shrink,b as toJpeg};
