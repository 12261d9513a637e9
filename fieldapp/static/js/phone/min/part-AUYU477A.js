// 727e48af72159258
import{a,b}from"./part-TGCJJZFM.js";import"./part-JYLD74LP.js";export{b as arrivedAfterAll,a as onServer};
