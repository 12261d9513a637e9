// 323892e59ec5746d
import{a,b}from"./part-WF6FGNF4.js";import"./part-2RS52USH.js";import"./part-TYZRVOGC.js";export{b as arrivedAfterAll,a as onServer};
