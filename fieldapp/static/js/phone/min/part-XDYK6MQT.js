// 2715b121c2b2ac1f
import{a,b}from"./part-Q72AZW5X.js";import"./part-62TAPEH2.js";export{b as arrivedAfterAll,a as onServer};
