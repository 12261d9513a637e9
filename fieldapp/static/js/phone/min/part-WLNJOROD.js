// 154baf8c00888991
import{a,b}from"./part-DQZFF5UA.js";import"./part-VDLKHULK.js";export{b as arrivedAfterAll,a as onServer};
