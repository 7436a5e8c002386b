package entity

// Word lists of the rules, folded.
var (
	stop = set(`the a an i he she it we you they this that these those his her its their our your my there here who what when where why how which
 in on at by to of for from with without as but and or if so not no yes after before during since while until although though because however
 meanwhile also then now today yesterday tomorrow tonight both all some many most more few each every one two three four five six seven eight nine ten
 first second third last next new old monday tuesday wednesday thursday friday saturday sunday january february march april may june july august
 september october november december jan feb mar apr jun jul aug sept sep oct nov dec mon tue wed thu fri sat sun is are was were be been being has have had do does did
 will would can could should might must let just only even still yet over under up down out off about into through between among against
 despite according such another other others same under per via amid like image photo file video source sources related news read update
 god christmas easter internet covid english chinese american british french german russian japanese indian spanish italian european african asian
 western eastern northern southern muslim muslims christian christians jewish jews catholic islam christianity islamic arab republican democrat
 democratic republicans democrats americans russians ukrainians ukrainian israeli israelis palestinian palestinians iranian turkish korean
 australian canadian mexican brazilian dutch swiss swedish polish greek latin olympic olympics day year world war cup games championship
 prize award awards act bill law treaty agreement street north south east west q a mr mrs ms dr wikinews interview ok oh well dear
 der die das ein eine und oder aber el los las un una y o pero le les des une et mais il`)

	titles = set(`mr mrs ms miss dr prof professor president presidents premier chancellor minister senator sen representative rep congressman congresswoman
 governor gov mayor king queen prince princess pope sir lord lady dame general gen colonel col major lieutenant lt captain capt sergeant
 sgt admiral commander judge justice chairman chairwoman chair chief ceo director secretary spokesman spokeswoman spokesperson ambassador
 commissioner coach manager player goalkeeper striker captain actor actress singer author writer journalist reporter analyst economist
 professor historian scientist researcher astronaut founder cofounder attorney lawyer detective inspector officer sheriff bishop archbishop cardinal rabbi
 imam sheikh sultan emir ayatollah comrade lawmaker candidate leader editor rev reverend father sister brother
 innenminister aussenminister verteidigungsminister finanzminister wirtschaftsminister justizminister umweltminister ministerin innenministerin aussenministerin
 prasidentin bundeskanzlerin bundesprasident ministerprasidentin staatssekretar staatssekretarin generalsekretar generalsekretarin sprecher sprecherin chefin
 vorsitzender vorsitzende abgeordneter abgeordnete burgermeister oberburgermeister professorin staatsanwalt staatsanwaltin richter richterin botschafter botschafterin bundesrat bundesratin
 nationalrat nationalratin konig konigin papst parteichef parteichefin konzernchef vorstandschef analyst analystin experte expertin
 ministre presidenta senador senadora diputado diputada portavoz canciller embajador embajadora fiscal juez alcalde alcaldesa rey reina papa
 herr frau prasident bundeskanzler kanzler kanzlerin ministerprasident senor senora presidente ministro ministra monsieur madame`)

	honorific = set(`mr mrs ms miss dr prof sen rep gov sir lord lady dame gen col lt capt sgt senator president chancellor king queen pope
 herr frau senor senora justice premier prime minister ambassador spokesman spokeswoman spokesperson coach judge mayor governor congressman congresswoman`)

	firstNames = set(`james john robert michael william david richard joseph thomas charles christopher daniel matthew anthony mark donald steven
 paul andrew joshua kenneth kevin brian george timothy ronald edward jason jeffrey ryan jacob gary nicholas eric jonathan stephen larry justin scott
 brandon benjamin samuel gregory alexander frank patrick raymond jack dennis jerry tyler aaron jose adam nathan henry douglas zachary peter kyle noah
 ethan jeremy walter christian keith roger terry austin sean gerald carl harold dylan arthur lawrence jordan jesse bryan billy bruce gabriel joe logan
 alan juan albert willie elijah wayne randy vincent mason roy ralph bobby russell bradley philip eugene mary patricia jennifer linda elizabeth barbara
 susan jessica sarah karen lisa nancy betty sandra margaret ashley kimberly emily donna michelle carol amanda melissa deborah stephanie dorothy
 rebecca sharon laura cynthia amy kathleen angela shirley brenda emma anna pamela nicole samantha katherine christine helen debra rachel carolyn janet
 maria catherine heather diane olivia julie joyce victoria ruth virginia lauren kelly christina joan evelyn judith andrea hannah megan cheryl jacqueline
 martha madison teresa gloria sara janice ann kathryn abigail sophia frances jean alice judy isabella julia grace amber denise danielle marilyn beverly
 charlotte natalie theresa diana brittany doris kayla alexis lori marie barack joe hillary bill tim steve tom jim bob mike dan ben sam chris matt nick
 tony andy greg jeff ken ron don ted rick rob dave pete phil ray fred larry alex max leo simon martin ian neil stuart graham nigel colin gordon craig
 duncan trevor geoffrey derek malcolm angus fiona gareth rhys ewan liam conor declan ciaran niall vladimir sergei sergey dmitry dmitri mikhail boris
 ivan alexei aleksandr alexey nikolai viktor yuri oleg igor andrei pavel anatoly volodymyr petro olena yulia oleksandr angela olaf friedrich hans karl
 klaus jurgen wolfgang stefan markus thorsten annalena ursula helmut gerhard heinrich franz sebastian emmanuel francois jacques nicolas pierre louis
 michel alain bernard marine gerard philippe claude henri antoine giorgia silvio matteo mario giuseppe sergio paolo luigi giovanni marco antonio luca
 andrea carlos luis jorge pedro miguel manuel francisco javier fernando rafael alejandro diego pablo ricardo eduardo roberto alberto enrique hugo nestor
 cristina evo nicolas jair luiz dilma joao paulo mohammed muhammad mohamed mohammad ahmed ahmad ali hassan hussein omar abdul ibrahim khalid mahmoud
 mustafa yusuf youssef abdullah saddam bashar hamid karim nasser salman benjamin yair ehud ariel shimon avi moshe recep abdel fatima aisha narendra
 rahul sonia manmohan rajiv amit arvind sanjay anil sunil priya shinzo yoshihide fumio junichiro naoto hiroshi takeshi kenji akira yuki taro keiko yuriko haruki kazuo naoko akiko hideo makoto satoshi kenzo masato toshiro yoko michiko ban kofi
 nelson jacob cyril thabo robert desmond goodluck olusegun uhuru raila yoweri julius kwame emmerson morgan jens anders lars erik bjorn sven nils
 magnus ingrid astrid mette kim lee jeremy theresa boris rishi keir nigel elon jeff mark larry sundar satya oprah serena roger rafael novak lionel
 cristiano neymar tiger lewis lebron usain kobe kylie kim kanye taylor justin ellen whitney julian edward chelsea glenn wang zhang mitt newt rudy sarah
 ralph al dick condoleezza colin nancy mitch chuck bernie kamala pete janet jerome alan paul ron rand marco ted jeb francis benedict jesus guillermo
 ricardo isabel carmen rosa lucia elena sofia ana jo ed will sue kate jane lucy sophie chloe ella clare claire harriet zoe dean hamdullah oliver
 harry charlie oscar freddie archie amelia isla ava mia freya stephan gretchen gavin clarence brett neil sonia ruth elena ketanji howard warren glen carla
 chad stan lydia claudio marc hernan alicia enrico stefania axel joel nunzio cecilia angel noel bob caitlin johnnie mathias
 brad kurt todd troy curtis leonard stanley leon marcus derrick travis jimmy johnny danny tommy eddie freddy jerome lloyd herbert alfred ernest
 zhang wang li liu chen zhao huang zhou wu xu zhu gao guo luo liang zheng xie feng dong xiao cheng cao yuan deng shen zeng peng jiang wei hu qin
 choi jung kang  yoon jang nguyen tran pham hwang
 abdulla abdallah abdelaziz abdulaziz adel amir anwar ayman ayad bilal faisal farid fouad habib hamad hamza hani haider ismail jalal jamal jawad khaled latif
 majid mansour marwan mehdi mohsen moqtada muqtada mukhtar munir nabil nawaz nouri omer osama usama parvez pervez qais raed rafik rafiq ramadan rashid riad
 saad sabah saeed  salah saleh salim sami samir shaukat suleiman tariq tawfiq umar walid yahya yasser yassin younis zaid ziad zine asif imran
 akbar aung  thein thaksin yingluck abhisit gloria corazon fidel raul hassan laurent gbagbo alassane abdoulaye blaise denis idriss isaias
 jakaya joseph levy mwai morgan mamadou amadou ousmane moussa sekou seydou patrice felix thabo jacob hifikepunye kgalema robert salva
 aleksander aleksandar alexandre andreas anton antonis apostolos arkady arseniy bojan bohdan boyko branko danilo dimitris dragan dusan emil eva evgeny
 filip gennady georgi goran gyorgy hashim ilham  ivo jacek jan janez janos jaroslaw jiri josef kostas lech leonid ludmila marek marija
 mikheil  milos mirek nikola nikos nino nursultan pal petr radovan ramzan ratko robert roman ruslan slobodan stanislav stjepan tadeusz tomas
 traian vaclav valery vasily viktoria vitali vitaly vojislav vojtech vuk wladyslaw yegor yevgeny zoran zbigniew adriana alvaro arturo augusto
 cesar claudia daniela emilio ernesto felipe gustavo hector hernan humberto ignacio ines jaime joaquin julio lorenzo manuela marcelo mauricio
  miriam monica oscar otto patricio rodrigo ruben santiago silvia susana tomas vicente violeta ximena anne anja annette barbel bernd birgit
 christoph dieter dirk erich ernst ferdinand florian gabriele georg gunther heiko heinz helga horst ingo jens joachim jorg josef juergen jurgen
 karin konrad kristina lothar lukas manfred martina matthias moritz norbert oskar peer petra philipp rainer reinhard renate rolf rudolf sabine
 sigmar silke thilo thorsten tilman torsten ulrich uwe volker werner winfried adrien amelie antoine arnaud aurelie benoit brigitte cecile
 christophe corinne damien didier dominique edouard elisabeth elise etienne fabien  francoise gaston guillaume guy herve
 isabelle jean jeanne julien laurent lionel luc madeleine marcel mathieu maurice maxime mireille nathalie odile olivier pascal patrice
 rene segolene serge simone stephane sylvie thierry valerie veronique xavier yves yvonne alistair alastair barry bernadette brendan bridget callum carole
 cathy cliff clive daphne darren dominic doreen elaine esther ewan fergus gail gemma geoff gillian gwen hazel hilary hugh imogen ivor jasper
 jenny jill joanna joanne josephine josh judy  karl kathy keir kerry kirsty leanne lesley leslie liz lorraine louise lynn lynne marcia marian mavis
 maureen miles miranda moira mona muriel naomi nathaniel nicola nora norma norman oliver pam pauline penny percy philippa priscilla quentin
 reginald rhonda rita rodney rosemary roxanne rupert sally shane sheila sidney simone spencer stacy stella stewart sylvia tara tessa tina
 toby tracy ursula vera vernon vince vivian walter wendy wilfred winston yvette abby alicia alison allan allen alvin amos andre angelo arnold
 ashton becky bert beth bobbie brent bret bruno caleb calvin cameron carlton carmen carrie cecil cedric  chester chuck clay
 clifford clint clyde cody cory dale damon darrell daryl  dexter don donnie doug drew duane dustin dwayne dwight earl edgar edith edmund edwin elliot
 elliott elmer emilia erica erin ervin evan everett fern floyd forrest gabe garrett gene gilbert gina glenda  greta guillermo gus hank harvey herman
 holly homer horace hubert hunter ike ira irene iris irving isaac ivan jackie jake jamie jared jay jeanette jeannie jeff jo jodi jon jordan juanita kara
 kellie kent kirk kristen kristin kyle lamar lance leah leland lena leroy levi lillian lonnie lou lucas luther lyle mabel mack marsha marty marvin
 maxine melvin merle micah mitchell monique morris myra myron nadine nate ned nelson nina noel olga otis owen  perry preston rachael ramona randall
 reggie rex rhoda ricky riley rochelle roderick roland ronnie rosie ross  russ  saul seth shannon shawn sherry
 sherman shelley sheldon stacey  tabitha tamara tanya terrance terrence theodore thelma tricia trent vanessa vern vicki vickie wade wallace
 warren wesley wilbur willard willis woody zachary`)

	orgTail = set(`inc corp ltd plc llc co ag gmbh corporation company companies group holdings bank university college institute ministry agency party council
 association commission committee department court police army navy force foundation federation union league organization organisation
 society authority bureau office service services administration parliament senate congress club press times post journal tribune gazette herald
 daily magazine broadcasting airlines airways motors industries technologies technology systems laboratories laboratory lab labs
 hospital museum academy center centre fund trust alliance coalition network board assembly church guard corps command brigade initiative
 school studios records pictures entertainment media partners capital insurance pharmaceuticals partido banco universidad ministerio
 universitat partei verband team orchestra library brewery consortium observatory campaign front movement forum secretariat tribunal exchange international telecom energy oil steel`)

	// orgTailWeak also ends names of other things: it asks for two words before it or no place.
	orgHead = set(`ministry department university bank institute bureau office court council house board college school academy church museum association
 federation union society center centre organization organisation committee commission league universidad ministerio banco universitat daughters sons
 agency republic order confederation`)

	placeTail = set(`river lake mountain mountains island islands province county city airport bay sea ocean valley beach square bridge
 district region peninsula desert canyon falls creek harbor harbour avenue street road boulevard park forest strait gulf territory
 prefecture municipality village township palace castle cathedral stadium arena heights canal coast base`)

	placeHead = set(`mount lake cape gulf port fort san santa saint st los las el puerto isle bay strait sea province state city town`)

	placeOf = set(`gulf bay strait sea province state city town isle cape port village district county island republic`)

	// notName are capitalised words that are no part of a person's name.
	notName = set(`education health finance defense defence foreign relations affairs economy interior security trade energy environment
 labor labour transport culture agriculture communications operations news sports technology science research policy group team game open
 global national international internet web online special air space station hall tower towers building hotel house expo festival
 conference summit convention forum party act project program programme series show film movie book album song star top best great big`)

	// andHead begin names that may hold an "and" after an "of".
	andHead = set(`department ministry office council committee commission agency bureau institute association federation society center centre
 organization organisation board academy union international national royal`)

	// germanNouns are names of the shipped list that are also German nouns.
	germanNouns = set(`bild spiegel standard guardian meta mars bayer alphabet post`)

	personVerbs = set(`was has had is will would also who went took became won scored joined wrote made left returned later asked met called spoke`)

	sayVerbs = set(`said says told added stated explained argued wrote tweeted noted announced commented claimed replied recalled warned acknowledged insisted`)

	particles = set(`de da del della di van von der den bin ibn al el la le dos du ter ben abu`)

	notAcronym = set(`ceo cfo gdp tv ai covid pm am dna rna hiv aids usd eur gbp id ufo gps html http url ok vip phd mba ipo atm sars led lcd dvd cd pc
 utc gmt est edt pst pdt cet bst ad bc rip faq diy suv mp mps mep vat pr hr it cto coo lgbt lgbtq icbm rt tba ii iii iv vi vii viii ix xi xii cpi
 cc by sa nc pdf xml wwi wwii am fm gmo pcr ppe rpg sms pin nft etf esg iq mri usb api css no ied wmd rna icu isbn`)

	placeBefore = set(`in near at across outside`)

	notPlace = set(`parliament congress court god english internet twitter facebook house senate`)
)
