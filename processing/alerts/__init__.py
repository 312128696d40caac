"""When too little succeeds: one breach, one security event, until enough succeeds again."""
