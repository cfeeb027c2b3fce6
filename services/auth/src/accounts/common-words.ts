/** Words that passwords are made of too often; a password that is only these and decoration is refused. */
export const commonWords: readonly string[] = `
password passwort passphrase passcode secret geheim letmein welcome willkommen admin administrator root master
login signin default changeme example guest user username account access system server network computer internet
qwerty qwertz azerty asdf asdfgh zxcvbn qwertyuiop asdfghjkl zxcvbnm qazwsx wsxedc iloveyou ilove loveyou love
monkey dragon football baseball basketball soccer hockey superman batman spiderman starwars pokemon princess
sunshine shadow summer winter spring autumn january february march april june july august september october
november december monday tuesday wednesday thursday friday saturday sunday michael jennifer jessica ashley
charlie thomas daniel andrew jordan hunter ranger killer freedom whatever trustno trustnoone hello helloworld
world test testing tester demo temp temporary company office business manager private public security secure
google facebook microsoft windows apple android samsung netflix amazon oracle cisco linux ubuntu docker postgres
netra apex netraapex correcthorsebatterystaple correct horse battery staple abc abcd abcdef abcdefgh xyz
liverpool chelsea arsenal barcelona yankees cowboys lakers eagles steelers mustang harley corvette ferrari porsche
cookie chocolate cheese pepper banana orange flower butterfly rainbow unicorn tigger ginger bailey buster maggie
matrix phoenix falcon thunder lightning silver golden diamond crystal purple yellow
the my your our is this new old and for you are not now please
`
  .trim()
  .split(/\s+/)
