// 323892e59ec5746d
import{a as m}from"./part-WTA7FYLT.js";import"./part-TAP42Z2L.js";var p={map:m};export{p as modules};
