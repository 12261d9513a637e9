// 2715b121c2b2ac1f
import{a,b,c}from"./part-4IBULW34.js";import"./part-62TAPEH2.js";export{c as asBlob,a as shrink,b as toJpeg};
