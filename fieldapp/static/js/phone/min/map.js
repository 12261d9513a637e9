// eead419cf441f9f1
import{a as m}from"./part-EY54VFG2.js";import"./part-SSEUOAAN.js";var r={map:m};export{r as modules};
