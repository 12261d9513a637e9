// eead419cf441f9f1
import{a,b}from"./part-FIVG4XMG.js";import"./part-SSEUOAAN.js";export{b as arrivedAfterAll,a as onServer};
