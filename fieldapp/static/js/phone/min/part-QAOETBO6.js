// b2cf26bbe2b0eff4
import{a,b,c}from"./part-7L22H5WC.js";import"./part-QH6ND6QM.js";export{c as asBlob,a as shrink,b as toJpeg};
