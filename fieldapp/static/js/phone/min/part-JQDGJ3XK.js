// acf55fd9b8ede0bf
import{a,b}from"./part-PRRE345W.js";import"./part-H5E77DNR.js";export{b as arrivedAfterAll,a as onServer};
