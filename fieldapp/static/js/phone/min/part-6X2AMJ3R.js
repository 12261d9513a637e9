// 323892e59ec5746d
import{a,b,c}from"./part-2S5U6U74.js";export{c as asBlob,a as shrink,b as toJpeg};
