// 154baf8c00888991
import{a as m}from"./part-FYADK7DT.js";import"./part-VDLKHULK.js";var r={map:m};export{r as modules};
