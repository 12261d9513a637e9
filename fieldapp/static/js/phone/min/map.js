// 2715b121c2b2ac1f
import{a as m}from"./part-NGR343RN.js";import"./part-62TAPEH2.js";var r={map:m};export{r as modules};
