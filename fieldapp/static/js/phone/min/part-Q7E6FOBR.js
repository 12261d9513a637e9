// 820dab8490027e76
import{a,b}from"./part-2VW2X5JT.js";import"./part-UTE3TFCZ.js";import"./part-SO5C6BUJ.js";export{b as arrivedAfterAll,a as onServer};
