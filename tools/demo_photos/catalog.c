/* The demo site's pictures: see catalog.h. */
#include "catalog.h"

const struct work catalog[] = {
    {scene_mountains, 0, CUT_3_2,
	"Up at four, on the ridge at five. Worth every minute of lost sleep. "
        "#sunrise #mountains #fog",
	"Layers of mountain ridges in golden morning mist, the sun low above "
        "them"},
    {scene_dahlia, 0, CUT_1_1,
	"The first dahlia of the year. #flowers #macro #garden",
	"Close-up of a coral dahlia, its petals out of focus towards the edge"},
    {scene_raindrops, 0, CUT_3_2,
	"Waiting for the tram. #rain #bokeh #citylights",
	"Raindrops on a window pane at night, street lights as soft discs "
        "behind"},
    {scene_milkyway, 0, CUT_2_3,
	"Twenty seconds, wide open, no moon. #milkyway #nightsky #astro",
	"The Milky Way rising steeply over a dark ridge with conifers"},
    {scene_sea, 3, CUT_4_3, "Last boat home. #sea #sunset #sailing",
	"A sailing boat on a calm sea in the glitter of the setting sun"},
    {scene_desert, 0, CUT_3_2,
	"We walked till the wind had erased our own footprints. #desert #dunes",
	"Sand dunes with wind ripples in low evening light"},
    {scene_mountains, 3, CUT_16_9,
	"Seven o'clock and all the burners hissing. #balloons #sunrise "
        "#mountains",
	"Hot-air balloons floating over misty hills at dawn"},
    {scene_dahlia, 1, CUT_4_3,
	"Plum, almost black in the middle. #flowers #macro",
	"A plum-coloured dahlia seen from very near"},
    {scene_milkyway, 1, CUT_3_2,
	"Home for three nights. #camping #nightsky #milkyway",
	"A tent glowing from inside under the Milky Way"},
    {scene_raindrops, 1, CUT_9_16, "Neon and rain. #night #rain #bokeh",
	"Drops on glass in front of blurred pink and turquoise neon lights"},
    {scene_sea, 1, CUT_16_9, "The quiet ten minutes after. #sea #dusk",
	"The sea at dusk under a rose sky"},
    {scene_desert, 1, CUT_9_16,
	"Pink hour in the sand. #desert #dunes #sunrise",
	"Rose-coloured dunes in the first light, in upright format"}};

const size_t catalog_count = sizeof catalog / sizeof *catalog;

const struct work portraits[] = {{scene_dahlia, 2, CUT_1_1, "", ""},
    {scene_mountains, 1, CUT_1_1, "", ""}, {scene_sea, 3, CUT_1_1, "", ""},
    {scene_milkyway, 1, CUT_1_1, "", ""}, {scene_dahlia, 3, CUT_1_1, "", ""},
    {scene_desert, 1, CUT_1_1, "", ""}};

const size_t portrait_count = sizeof portraits / sizeof *portraits;

void
cut_size(enum cut cut, int *width, int *height)
{
	static const int sizes[][2] = {[CUT_4_3] = {1800, 1350},
	    [CUT_3_2] = {1800, 1200},
	    [CUT_1_1] = {1600, 1600},
	    [CUT_9_16] = {1080, 1920},
	    [CUT_2_3] = {1200, 1800},
	    [CUT_16_9] = {1920, 1080},
	    [CUT_21_9] = {2240, 960}};
	*width = sizes[cut][0];
	*height = sizes[cut][1];
}
