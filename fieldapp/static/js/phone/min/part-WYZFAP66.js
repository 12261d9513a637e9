// b2cf26bbe2b0eff4
import{a,b}from"./part-5AWH7EHA.js";import"./part-QH6ND6QM.js";export{b as arrivedAfterAll,a as onServer};
