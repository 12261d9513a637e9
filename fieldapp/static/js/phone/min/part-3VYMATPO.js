// f95404b30101d35f
import{a,b}from"./part-5CYLP4ZD.js";import"./part-3TP46YMH.js";export{b as arrivedAfterAll,a as onServer};
