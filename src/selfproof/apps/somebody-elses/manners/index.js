exports.politely = (word, who, text) => `${word}, ${who}: ${text}`
