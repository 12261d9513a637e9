// 05d20ec12facfdf2
import{a,b,c}from"./part-PVKUKGFY.js";import"./part-SHF2GPRE.js";export{c as asBlob,a as shrink,b as toJpeg};
