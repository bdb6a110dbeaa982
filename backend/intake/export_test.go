package intake

// OpenLimited is Open with another limit for a row.
var OpenLimited = open
