/* The demo site's pictures: see catalog.h. */
#include "catalog.h"

/* In an order that mixes kinds, colours and formats. */
const struct work catalog[] = {
    {scene_alps, 0, CUT_3_2,
	"First light on the wall, and not a breath of wind. #mountains #lake "
	"#sunrise",
	"Rocky peaks in the first sun, mirrored in a still lake"},
    {scene_latte, 0, CUT_1_1, "Monday, second attempt. #coffee #latteart",
	"A cup of coffee with a leaf of milk foam, seen from above on dark "
	"wood"},
    {scene_birches, 0, CUT_3_2,
	"The wood has turned to gold overnight. #autumn #forest #birch",
	"White birch trunks in front of a golden, blurred autumn wood"},
    {scene_skyline, 0, CUT_3_2,
	"Ten minutes when sky and windows are equally bright. #bluehour #city "
	"#skyline",
	"A city skyline at the blue hour with lit windows, mirrored in a "
	"river"},
    {scene_dahlia, 0, CUT_1_1,
	"The first dahlia of the year. #flowers #macro #garden",
	"Close-up of a coral dahlia, its outer petals out of focus"},
    {scene_sea, 3, CUT_4_3, "Last boat home. #sea #sunset #sailing",
	"A sailing boat on a calm sea in the glitter of the setting sun"},
    {scene_arcade, 0, CUT_2_3,
	"Noon in the old convent. #blackandwhite #architecture #light",
	"Black-and-white view down an arcade; sun falls through the arches "
	"onto the floor"},
    {scene_aurora, 1, CUT_2_3,
	"We had given up and gone to bed when somebody knocked on the door. "
	"#aurora #northernlights #winter",
	"Green and purple northern lights over a snowy wood"},
    {scene_beach, 0, CUT_4_3,
	"From above it all looks so tidy. #beach #drone #sea",
	"A beach from straight above, foam lines on turquoise water"},
    {scene_citrus, 0, CUT_4_3, "Breakfast, before. #citrus #stilllife #food",
	"Slices of orange, lemon, lime and grapefruit with mint on dark slate"},
    {scene_desert, 0, CUT_3_2,
	"We walked till the wind had erased our own footprints. #desert #dunes",
	"Sand dunes with wind ripples in low evening light"},
    {scene_pines, 0, CUT_3_2, "Somewhere in there is a path. #fog #forest",
	"A wood of conifers fading into fog, layer behind layer"},
    {scene_milkyway, 1, CUT_3_2,
	"Home for three nights. #camping #nightsky #milkyway",
	"A tent glowing from inside under the Milky Way"},
    {scene_field, 0, CUT_3_2,
	"You could hear the bees from the road. #lavender #summer #sunset",
	"Rows of lavender running towards a lone tree under an evening sky"},
    {scene_raindrops, 0, CUT_3_2,
	"Waiting for the tram. #rain #bokeh #citylights",
	"Raindrops on a window pane at night, street lights as soft discs "
	"behind"},
    {scene_mountains, 3, CUT_16_9,
	"Seven o'clock and all the burners hissing. #balloons #sunrise "
	"#mountains",
	"Hot-air balloons floating over misty hills at dawn"},
    {scene_pool, 1, CUT_1_1,
	"Forty lengths. Nobody else there. #swimming #water #blue",
	"Sunlight dancing on the floor of a deep blue pool"},
    {scene_clouds, 1, CUT_3_4, "Seat 21A. #clouds #fromabove #travel",
	"A rose-coloured sea of clouds seen from an aeroplane"},
    {scene_field, 1, CUT_3_4,
	"Somebody paints with a tractor here. #tulips #spring #flowers",
	"Rows of red, yellow and purple tulips under a blue sky with small "
	"clouds"},
    {scene_alps, 1, CUT_3_2, "Lunch break. #mountains #lake #hiking",
	"Snowy mountains and a blue sky mirrored in a mountain lake"},
    {scene_arcade, 1, CUT_3_2,
	"The stones are still warm at six. #architecture #light #travel",
	"Warm sunlight through the arches of a limestone passage"},
    {scene_dahlia, 1, CUT_4_3,
	"Plum, almost black in the middle. #flowers #macro",
	"A plum-coloured dahlia seen from very near"},
    {scene_milkyway, 0, CUT_2_3,
	"Twenty seconds, wide open, no moon. #milkyway #nightsky #astro",
	"The Milky Way rising over a dark ridge"},
    {scene_sea, 1, CUT_16_9, "The quiet ten minutes after. #sea #dusk",
	"The sea at dusk under a rose sky, birds passing"},
    {scene_pines, 2, CUT_2_3,
	"First snow, and the wood goes silent. #winter #fog #forest",
	"Snow-covered conifers in grey fog"},
    {scene_latte, 1, CUT_4_3,
	"New cup. It tastes bluer. #coffee #latteart #ceramics",
	"Coffee with milk foam in a blue cup on pale marble"},
    {scene_skyline, 1, CUT_16_9, "Office hours. #city #skyline #dusk",
	"A skyline in front of a purple evening sky, lights mirrored in the "
	"water"},
    {scene_mountains, 0, CUT_3_2,
	"Up at four, on the ridge at five. Worth every minute of lost sleep. "
	"#sunrise #mountains #fog",
	"Layers of mountain ridges in golden morning mist, the sun low above "
	"them"},
    {scene_aurora, 2, CUT_3_2,
	"The lake froze on Tuesday. On Wednesday this. #aurora #northernlights "
	"#lake",
	"Green northern lights over a frozen lake"},
    {scene_birches, 2, CUT_2_3, "May. #spring #forest #birch",
	"Birch trunks in a fresh green spring wood"},
    {scene_beach, 2, CUT_3_4, "Gone swimming. Back soon. #beach #drone #boat",
	"A small boat on turquoise water near the shore, from above"},
    {scene_citrus, 2, CUT_1_1,
	"The shop had all of them at once. #citrus #stilllife #colour",
	"Slices of citrus fruit on coloured paper"},
    {scene_raindrops, 1, CUT_9_16, "Neon and rain. #night #rain #bokeh",
	"Drops on glass in front of blurred pink and turquoise neon lights"},
    {scene_desert, 1, CUT_3_2, "Pink hour in the sand. #desert #dunes #sunrise",
	"Rose-coloured dunes in the first light"},
    {scene_field, 2, CUT_3_2, "Tea, where it comes from. #tea #morning #fields",
	"Rows of tea bushes in the morning sun"},
    {scene_mountains, 1, CUT_21_9,
	"Counting ridges. I stopped at seven. #mountains #panorama #dawn",
	"Panorama of mountain ridges in rose and blue haze"},
    {scene_birches, 1, CUT_3_2,
	"Peak colour, for about two days. #autumn #forest #red",
	"Birch trunks in front of blurred red and orange autumn leaves"},
    {scene_dahlia, 3, CUT_1_1, "Sun, but smaller. #flowers #macro #yellow",
	"A yellow dahlia filling the picture"},
    {scene_alps, 2, CUT_2_3,
	"It lasts four minutes. #alpenglow #mountains #lake",
	"Mountains glowing rose in the last light above a lake"},
    {scene_milkyway, 2, CUT_3_2,
	"Stars above, stars below. #milkyway #lake #nightsky",
	"The Milky Way mirrored in a still lake"},
    {scene_sea, 2, CUT_3_2, "No horizon to speak of. #sea #minimal",
	"A silvery sea under a hazy sky"},
    {scene_pool, 0, CUT_4_3,
	"Summer is officially open. #swimming #summer #water",
	"Turquoise water glittering in a pool"},
};

const size_t catalog_count = sizeof catalog / sizeof *catalog;

const struct work portraits[] = {{scene_dahlia, 2, CUT_1_1, "", ""},
    {scene_person, 0, CUT_1_1, "", ""}, {scene_latte, 2, CUT_1_1, "", ""},
    {scene_sea, 3, CUT_1_1, "", ""}, {scene_citrus, 2, CUT_1_1, "", ""},
    {scene_person, 2, CUT_1_1, "", ""}, {scene_mountains, 3, CUT_1_1, "", ""},
    {scene_aurora, 0, CUT_1_1, "", ""}, {scene_beach, 1, CUT_1_1, "", ""},
    {scene_person, 1, CUT_1_1, "", ""}, {scene_milkyway, 1, CUT_1_1, "", ""},
    {scene_alps, 2, CUT_1_1, "", ""}};

const size_t portrait_count = sizeof portraits / sizeof *portraits;

void
cut_size(enum cut cut, int *width, int *height)
{
	static const int sizes[][2] = {[CUT_4_3] = {1800, 1350},
	    [CUT_3_2] = {1800, 1200},
	    [CUT_1_1] = {1600, 1600},
	    [CUT_9_16] = {1080, 1920},
	    [CUT_2_3] = {1200, 1800},
	    [CUT_3_4] = {1350, 1800},
	    [CUT_16_9] = {1920, 1080},
	    [CUT_21_9] = {2240, 960}};
	*width = sizes[cut][0];
	*height = sizes[cut][1];
}
