// b02460de203bedfa
import{a,b}from"./part-I3STV4V4.js";import"./part-UZSKW566.js";import"./part-TYZRVOGC.js";export{b as arrivedAfterAll,a as onServer};
