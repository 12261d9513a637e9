// b2cf26bbe2b0eff4
import{a as m}from"./part-CIZYRX4M.js";import"./part-QH6ND6QM.js";var r={map:m};export{r as modules};
