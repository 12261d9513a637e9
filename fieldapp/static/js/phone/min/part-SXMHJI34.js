// eead419cf441f9f1
import{a,b,c}from"./part-22H2HCVC.js";import"./part-SSEUOAAN.js";export{c as asBlob,a as shrink,b as toJpeg};
