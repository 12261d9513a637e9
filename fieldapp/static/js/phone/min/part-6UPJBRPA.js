// 05d20ec12facfdf2
import{a,b}from"./part-OHEM7MW2.js";import"./part-SHF2GPRE.js";export{b as arrivedAfterAll,a as onServer};
