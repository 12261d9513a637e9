// 154baf8c00888991
import{a as m}from"./part-3FTTTHTC.js";import"./part-H2Z72M4C.js";var r={map:m};export{r as modules};
