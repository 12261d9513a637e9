// acf55fd9b8ede0bf
import{a as m}from"./part-ZPS7ZZV5.js";import"./part-H5E77DNR.js";var r={map:m};export{r as modules};
