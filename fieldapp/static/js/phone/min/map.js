// 05d20ec12facfdf2
import{a as m}from"./part-WE3B2LQ7.js";import"./part-SHF2GPRE.js";var r={map:m};export{r as modules};
