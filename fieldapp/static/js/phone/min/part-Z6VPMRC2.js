// 154baf8c00888991
import{a,b}from"./part-GNEN5NSP.js";import"./part-H2Z72M4C.js";export{b as arrivedAfterAll,a as onServer};
