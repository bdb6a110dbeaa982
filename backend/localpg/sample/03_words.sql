-- What the data is made of. It is the same on every load but for the dates, which count back from the load.

set local timezone = 'UTC';

-- h is a number from 0 to m - 1 that looks random and is always the same for n and salt.
create function pg_temp.h(n bigint, salt bigint, m bigint) returns integer language sql immutable as $$
	select ((((((n * (2654435761 + salt * 7919)) & 4294967295) # ((n * n * (salt * 2 + 1) * 40503) & 4294967295))
		* 668265263) >> 17) & 2147483647) % m
$$;

create temp table words on commit drop as select
	date_trunc('minute', now()) as anchor,
	string_to_array('Alderbeck Amberly Ashcombe Barrowmere Beldon Birchover Blackthorn Bramling Brindle Calder Cinderford Cloverley Coldharbour Corven Crickmoor Dapplewood Deepford Dunmarrow Eastwell Elderwick Emmerdown Fallowfield Farrowgate Fenwright Fernhollow Flintham Garrowby Glasswater Greystoke Hallowmere Harbourne Hartsease Heatherby Hollowell Ivybridge Jasperton Juniper Kestrel Kingsmarsh Lanternford Larkmoor Linden Longacre Maplehurst Marlowe Meadowsweet Merrow Millbrook Mossgrove Netherby Nightjar Oakhanger Orrin Otterbourne Palewell Pebblecombe Pennywhistle Plumstead Quillon Ravenscroft Redmarley Rookhope Rosewarne Rushmere Saltfleet Selwick Silverdale Skylark Starling Stillwater Swallowcliffe Tamarisk Thistledown Thornbury Underhill Velvetleaf Wetherby Whinfell Willowherb Yarrow', ' ') as places,
	string_to_array('Bakery|Bistro|Bookshop|Brewhouse|Café|Canteen|Cycle Works|Delicatessen|Dental Practice|Design Office|Farm Shop|Gallery|Garden Centre|Guest House|Gym|Hotel|House|Institute|Kitchen|Library|Market Hall|Patisserie|Print Studio|School|Social Club|Stores|Surgery|Tea Room|Theatre|Yard', '|') as trades,
	string_to_array('Agnes Ailsa Ansel Beatrix Björn Carys Casper Dilys Eamon Edda Emrys Fenna Gethin Greta Hal Iona Jorun Kasia Leif Lowri Magnus Mairead Nerys Niamh Odile Oskar Petra Quentin Renske Rhys Saoirse Siân Søren Tamsin Tove Una Viggo Wanda Yestin Zoë', ' ') as firsts,
	string_to_array('Abernant Achterberg Blomqvist Brackenridge Cardew Dąbrowski Drummore Eskildsen Fairweather Garrick Haldane Holmström Ingleby Jermyn Kinvara Lindqvist Llewelyn Marchetti Nakamura Nwosu O''Dunmore Okonjo Pemberley Penhallow Quayle Rasmussen Rothwell Sandoval Szymańska Tregenza Trevelyan Ullman Vasconcelos Wetherall Yilmaz Zawadzka', ' ') as lasts,
	string_to_array('Quayside|Mill Lane|Station Road|High Street|Rope Walk|Kiln Yard|Orchard Rise|Ferry Steps|Chapel Hill|Tanner''s Row|Lime Avenue|Upper Wharf', '|') as streets,
	string_to_array('Northquay Foxglade Gullhaven Tarnwick Hazelmere Wrenholt Saltmarsh Kettleby Almery Stonebeck', ' ') as towns,
	string_to_array('bergamot|black cherry|blood orange|cane sugar|cedar|cocoa nib|dried fig|hazelnut|honeysuckle|jasmine|lime zest|malt|marzipan|molasses|peach|plum|red apple|roasted almond|tamarind|vanilla', '|') as flavours;

-- The customers of whom there are things to tell; the others are composed.
create temp table known (n integer, name text, email text, tags text[]) on commit drop;
insert into known values
	(1, 'Marrowby Tea Room', 'kitchen@marrowby.example', '{wholesale}'),
	(2, 'Quillfen Bakery', 'orders@quillfen.example', '{wholesale,"early bird"}'),
	(3, 'Ondel Canteen', null, '{wholesale,canteen}'),
	(4, 'Brightlow Hotel', 'stores@brightlow.example', '{wholesale,hotel}'),
	(5, 'Sablewick Café', 'hello@sablewick.example', '{wholesale}'),
	(6, 'Pellmoor Deli', 'buyer@pellmoor.example', '{wholesale}'),
	(7, 'Tarnwick Arts Centre', 'bar@tarnwick.example', '{}'),
	(8, 'Hazelmere Kiosk 3', null, '{kiosk}'),
	(9, 'Copperlane Studio', 'desk@copperlane.example', '{}'),
	(10, 'Wrenholt School', 'office@wrenholt.example', '{"tax exempt"}'),
	(11, 'Almery & Daughters', 'almery@almery.example', '{wholesale}'),
	(12, 'Foxglade Rowing Club', 'cox@foxglade.example', '{}'),
	(13, 'Little Verity', null, '{}'),
	(14, 'Northquay Library', 'till@northquay.example', '{}'),
	(15, 'Emberline Works', 'mess@emberline.example', '{wholesale,canteen}'),
	(16, 'Saltmarsh Rooms', 'frontdesk@saltmarsh.example', '{hotel}'),
	(17, 'Gullhaven Ferry Bar', 'bar2@gullhaven.example', '{}'),
	(18, 'Kettleby Forge', 'canteen@kettleby.example', '{canteen}'),
	(19, 'Hollin Mill Kitchen', 'hollinmil@post.example', '{}'),
	(20, 'Stonebeck Cinema', 'stonebeck@post.example', '{}'),
	(21, 'Wychford Inn', null, '{hotel}'),
	(22, 'Larkfield Surgery', 'larkfield@post.example', '{}'),
	(23, 'The Paper Lantern', 'paperlant@post.example', '{}'),
	(24, 'Oldgate Observatory', 'oldgateob@post.example', '{}'),
	(25, 'Ivelet Bowls Club', null, '{}'),
	(26, 'Millrace Pottery', 'millracep@post.example', '{}'),
	(27, 'Dunlin House', 'dunlinhou@post.example', '{}'),
	(28, 'Ravenscar Halt', 'ravenscar@post.example', '{}'),
	(29, 'Tidewell Stores', null, '{}'),
	(30, 'Aldermoor Farm', 'aldermoor@post.example', '{}'),
	(31, 'Quarry Bank Rooms', 'quarryban@post.example', '{}'),
	(32, 'Ashgrove Tutors', null, '{}'),
	(33, 'Palarnia pod Jesionem', 'biuro@jesion.example', '{wholesale,export}'),
	(34, 'Kávéház a Dombon', 'rendeles@dombon.example', '{export}'),
	(35, 'Καφενείο Δέλτα', 'delta@kafeneio.example', '{export}'),
	(36, '霧島珈琲店', 'kirishima@coffee.example', '{export,"slow ship"}'),
	(37, 'مقهى الياسمين', 'yasmin@maqha.example', '{export}'),
	(38, 'Кавʼярня «Під липою»', 'lypa@kava.example', '{export}'),
	(39, 'Ångström Kaffebar', 'bar@angstrom.example', '{export}'),
	(40, '카페 오솔길', null, '{export}'),
	(41, 'Çınar Kahvecisi', 'siparis@cinar.example', '{export}'),
	(42, 'Le Petit Grain d''Œuvre', 'bonjour@petitgrain.example', '{export}'),
	(43, E'Cafe\u0301 Decompose\u0301', 'nfd@decompose.example', '{"two code points"}'),
	(44, '☕ Corner', 'hi@corner.example', '{kiosk}'),
	(45, 'NULL', 'null@null.example', '{"a real name"}'),
	(46, '"Quotes", Commas & Co; Ltd', 'sales@quotes.example', '{"a,b","c\"d"}');

-- The orders at the top of the sample query.
create temp table waiting (id bigint, customer integer, total numeric, status order_status, note text, attributes jsonb)
	on commit drop;
insert into waiting values
	(2118204, 1, 1284.50, 'queued', 'Leave at the side door. Ring twice, the bell is slow and nobody hears it over the mixer.
If the door is shut the key is with Ottilie at the flower stall, who also takes the empty crates.

Please pack the decaf apart from the rest and mark it: last month two bags went into the wrong hopper and the
morning regulars noticed before we did. The blue tubs are ours, the green ones are from the bakery next door;
swap them only if the lids match, which they rarely do.

Roast as agreed in spring: level 4, six days of rest, nothing younger than that on the shelf. The espresso blend may
be two days fresher since we moved the grinder away from the oven. Water here is hard, 18 degrees, so what tastes flat
at your counter is lively at ours. We changed the filter on the first of the month and will do so again in March.

Deliveries: Tuesdays before seven or after half past ten. Between those the lane belongs to the school, and the
warden is a careful woman with a loud whistle. A van up to three and a half tonnes can turn in the yard, a lorry
cannot; it has been tried, the gatepost remembers. In snow, leave everything with the ferry office and send a note.

Invoices to the head office, delivery notes to us. The head office wants the order number in the subject and nothing
else there; a friendly word sends it to a folder that nobody opens. Prices as in the list of September. If Konga is
out, take Kochere, and if that is out as well, ring before you send anything with the word "natural" on the bag.

What we owe you from the fair: four sacks, the long ladder, and the good thermometer. What you owe us: the banner, one
trestle, and Tobias, who was only meant to help until noon. He says he likes it there. His mother would like a card.

Standing wish: one bag of whatever surprised you this month, at your price, unlabelled. We put it on the board as
"the roaster''s secret" and it is gone by eleven. Guess the origin and you get the second cup free; nobody has been
right since the Sidamo in May, and that was Ottilie, who has a nose like a truffle hound and will not be told.

Thank you for the last one. Ring twice.', '{"gift": false, "roast": {"level": 4, "rest_days": 6}, "channel": "web"}'),
	(2118188, 2, 1190.00, 'queued', '', '{"gift": false, "channel": "web"}'),
	(2118163, 3, 986.40, 'roasting', null, '{"po": "OC-20417", "channel": "web"}'),
	(2118162, 4, 912.00, 'queued', 'Two pallets, tail lift needed', '{"slots": ["06:00", "07:30"], "channel": "web"}'),
	(2118150, 5, 864.75, 'shipped', '', '{"card": "Happy 10th!", "gift": true, "channel": "web"}'),
	(2118149, 6, 799.90, 'queued', 'Invoice to head office', '{"channel": "web"}'),
	(2118131, 7, 640.00, 'roasting', null, '{"roast": {"level": 2}, "channel": "web"}'),
	(2118127, 8, 612.30, 'queued', null, '{"po": null, "channel": "web"}'),
	(2118119, 9, 588.00, 'hold', 'Card declined twice, call before roasting', '{"risk": 0.71, "channel": "web"}'),
	(2118102, 10, 540.00, 'queued', '', '{"channel": "web", "tax_exempt": true}'),
	(2118098, 11, 512.25, 'shipped', null, '{"channel": "web"}'),
	(2118077, 12, 498.00, 'queued', 'Grind: moka', '{"grind": "moka", "channel": "web"}'),
	(2118060, 13, 455.10, 'queued', null, '{"channel": "web"}'),
	(2118044, 14, 430.00, 'roasting', '', '{"po": "NQ/77", "channel": "web"}'),
	(2118031, 15, 418.60, 'queued', '(second delivery this week, check the standing order first) Emberline moved its breaks: early shift at nine, late shift at half past four. The mess keeps two urns now, so grind one half coarse and leave the other whole. Pallets stay in the yard; the forklift is back on Thursday. Ask for Ruben at the gate, not for the office.', '{"channel": "web"}'),
	(2118029, 16, 402.00, 'shipped', null, '{"gift": true, "channel": "web"}'),
	(2117995, 17, 391.20, 'queued', '', '{"dock": 4, "channel": "web"}'),
	(2117987, 18, 377.70, 'queued', null, '{"channel": "web"}'),
	(2117980, 19, 371.25, 'queued', '', '{"channel": "web"}'),
	(2117971, 20, 359.90, 'roasting', null, '{"channel": "web"}'),
	(2117962, 21, 348.55, 'queued', null, '{"channel": "web"}'),
	(2117953, 22, 337.20, 'shipped', '', '{"channel": "web"}'),
	(2117944, 23, 325.85, 'queued', null, '{"channel": "web"}'),
	(2117935, 24, 314.50, 'roasting', null, '{"channel": "web"}'),
	(2117926, 25, 303.15, 'queued', '', '{"channel": "web"}'),
	(2117917, 26, 291.80, 'shipped', null, '{"channel": "web"}'),
	(2117908, 27, 280.45, 'queued', null, '{"channel": "web"}'),
	(2117899, 28, 269.10, 'roasting', '', '{"channel": "web"}'),
	(2117890, 29, 257.75, 'queued', null, '{"channel": "web"}'),
	(2117881, 30, 246.40, 'shipped', null, '{"channel": "web"}'),
	(2117872, 31, 235.05, 'queued', '', '{"channel": "web"}'),
	(2117993, 32, null, 'draft', null, '{"channel": "web"}');
