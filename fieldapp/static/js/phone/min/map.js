// 727e48af72159258
import{a as m}from"./part-A6NNZRFX.js";import"./part-JYLD74LP.js";var r={map:m};export{r as modules};
