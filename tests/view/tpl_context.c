/* The HTML context: what is escaped how, and where no variable may stand. */
#include "kit.h"

#include <string.h>

/* Attributes. */
RENDERS(context, a_str_in_an_attribute_is_escaped, "<p title=\"{{name}}\">",
    "<p title=\"Ann &amp; &lt;Bob&gt;\">")
RENDERS(context, a_single_quoted_attribute_will_do, "<p title='{{word}}'>",
    "<p title='page'>")
RENDERS(context, an_int_may_be_part_of_a_class, "<p class=\"a c{{one}}\">",
    "<p class=\"a c1\">")
RENDERS(context, a_time_may_stand_in_an_attribute,
    "<time datetime=\"{{created.iso}}\">",
    "<time datetime=\""
    "2026-11-21T09:05:07Z\">")
REFUSES(context, html_may_not_stand_in_an_attribute, "<p title=\"{{body}}\">",
    "page:1:11: \"body\" (html): no html in an attribute")
REFUSES(context, an_unquoted_value_is_refused, "<p title={{word}}>",
    "page:1:10: \"word\" (str): put quotes")
REFUSES(context, the_rest_of_an_unquoted_value_is_refused,
    "<p title=a{{word}}>", "put quotes")
REFUSES(context, an_attribute_name_is_refused, "<p {{word}}=\"a\">",
    "in a quoted value alone")
REFUSES(context, part_of_an_attribute_name_is_refused, "<p da{{word}}>",
    "in a quoted value alone")
REFUSES(context, a_variable_after_a_value_is_refused, "<p a=\"b\"{{word}}>",
    "in a quoted value alone")
REFUSES(context, a_tag_name_is_refused, "<{{word}}>", "in a tag's name")
REFUSES(context, part_of_a_tag_name_is_refused, "<h{{one}}>", "in a tag's name")
REFUSES(
    context, a_closing_tag_name_is_refused, "</{{word}}>", "in a tag's name")
REFUSES(context, an_on_attribute_is_refused, "<p onclick=\"a('{{word}}')\">",
    "page:1:16: \"word\" (str): no variable in an attribute that holds a "
    "script")
REFUSES(context, an_on_attribute_in_capitals_is_refused,
    "<p ONCLICK=\"{{word}}\">", "that holds a script")
REFUSES(context, a_style_attribute_is_refused, "<p style=\"top:{{one}}px\">",
    "code or style")
REFUSES(context, a_srcdoc_is_refused, "<iframe srcdoc=\"{{word}}\">",
    "code or style")
REFUSES(context, an_animated_attribute_is_refused,
    "<set attributeName=\"href\" to=\"{{word}}\">", "code or style")
RENDERS(context, a_greater_sign_in_a_value_ends_nothing,
    "<p title=\"a>{{word}}\">", "<p title=\"a>page\">")

/* Scripts, styles, comments. */
REFUSES(context, a_script_is_refused, "<script>{{word}}</script>",
    "page:1:9: \"word\" (str): no variable inside a script or style")
REFUSES(context, a_script_in_capitals_is_refused, "<SCRIPT >{{word}}</SCRIPT>",
    "inside a script or style")
REFUSES(context, a_style_is_refused, "<style>{{word}}</style>",
    "inside a script or style")
REFUSES(context, less_signs_in_a_script_do_not_end_it,
    "<script>a</b></scri>{{word}}</script>", "inside a script or style")
RENDERS(context, after_a_script_text_goes_on, "<script>a</b></script>{{word}}",
    "<script>a</b></script>page")
RENDERS(context, a_script_end_with_a_space_ends_it,
    "<style>a</style\n>{{word}}", "<style>a</style\n>page")
REFUSES(
    context, an_escaped_script_is_refused, "<script><!--</script>", "ambiguous")
RENDERS(context, a_script_may_hold_a_section,
    "<script>{{#yes}}a{{/yes}}</script>", "<script>a</script>")
REFUSES(context, a_comment_is_refused, "<!-- {{word}} -->",
    "inside a comment or declaration")
REFUSES(context, one_dash_does_not_end_a_comment, "<!-- a -> {{word}} -->",
    "inside a comment")
RENDERS(context, after_a_comment_text_goes_on, "<!-- a -->{{word}}",
    "<!-- a -->page")
RENDERS(context, an_empty_comment_ends_at_once, "<!-->{{word}}", "<!-->page")
REFUSES(context, a_declaration_is_refused, "<!DOCTYPE {{word}}>",
    "inside a comment or declaration")
REFUSES(context, a_processing_instruction_is_refused, "<?xml {{word}}>",
    "inside a comment or declaration")

/* Title and textarea. */
RENDERS(context, a_textarea_may_hold_text,
    "<textarea>{{name}}</textarea>{{word}}",
    "<textarea>Ann &amp; &lt;Bob&gt;</textarea>page")
RENDERS(context, tags_in_a_title_are_text,
    "<title><a href={{word}}></title><p class=\"{{word}}\">",
    "<title><a href=page></title><p class=\"page\">")
REFUSES(context, html_may_not_stand_in_a_title, "<title>{{body}}</title>",
    "no html in a title")
REFUSES(context, a_half_end_tag_may_not_be_finished_by_a_variable,
    "<textarea></text{{word}}></textarea>", "right after")

/* Text. */
RENDERS(
    context, a_less_sign_before_a_space_is_text, "1 < 2 {{word}}", "1 < 2 page")
REFUSES(context, a_variable_after_a_less_sign_is_refused, "1 <{{word}}",
    "in a tag's name")
REFUSES(context, a_quote_too_many_is_refused, "<a href=\"/\"\" b>",
    "page:1:12: put a space here")
REFUSES(context, attributes_need_space_between, "<a b=\"\"c=\"\">",
    "put a space here")
REFUSES(context, a_missing_value_is_refused, "<a b=>", "value is missing")
REFUSES(
    context, a_page_may_not_end_inside_a_tag, "<p>a</p", "ends inside a tag")
REFUSES(
    context, a_page_may_not_end_inside_a_value, "<p a=\"", "ends inside a tag")
REFUSES(context, a_page_may_not_end_inside_a_comment, "<!-- a",
    "ends inside a comment")
REFUSES(context, a_page_may_not_end_inside_a_script, "<script>a",
    "ends inside an element")

/* Addresses. */
RENDERS(addresses, an_address_may_begin_with_a_url, "<a href=\"{{link}}\">",
    "<a href=\"/p/7?a=1&amp;b=2\">")
REFUSES(addresses, an_address_may_not_begin_with_a_str,
    "<a href=\"{{script}}\">",
    "page:1:10: \"script\" (str): an address must begin with a url")
REFUSES(addresses, space_before_it_is_still_the_beginning,
    "<a href=\" \n{{script}}\">", "must begin with a url")
REFUSES(addresses, an_int_is_no_address, "<a href=\"{{one}}\">",
    "must begin with a url")
REFUSES(addresses, src_is_an_address, "<img src=\"{{word}}\">",
    "must begin with a url")
REFUSES(addresses, action_is_an_address, "<form action='{{word}}'>",
    "must begin with a url")
REFUSES(addresses, formaction_is_an_address, "<button formaction=\"{{word}}\">",
    "must begin with a url")
REFUSES(addresses, poster_is_an_address, "<video poster=\"{{word}}\">",
    "must begin with a url")
REFUSES(addresses, cite_is_an_address, "<q CITE=\"{{word}}\">",
    "must begin with a url")
REFUSES(addresses, data_is_an_address, "<object data=\"{{word}}\">",
    "must begin with a url")
REFUSES(addresses, xlink_href_is_an_address, "<use xlink:href=\"{{word}}\">",
    "must begin with a url")
RENDERS(addresses, data_attributes_are_not_addresses,
    "<p data-href=\"{{word}}\">", "<p data-href=\"page\">")
RENDERS(addresses, a_str_in_a_path_is_percent_encoded,
    "<a href=\"/tag/{{query}}\">", "<a href=\"/tag/a%26b%3Dc%2Fd%20%C3%A9\">")
RENDERS(addresses, a_str_in_a_query_is_percent_encoded,
    "<a href=\"/search?q={{query}}&amp;p={{one}}\">",
    "<a href=\"/search?q=a%26b%3Dc%2Fd%20%C3%A9&amp;p=1\">")
RENDERS(addresses, a_url_in_a_query_is_percent_encoded,
    "<a href=\"/login?next={{link}}\">",
    "<a href=\"/login?next=%2Fp%2F7%3Fa%3D1%26b%3D2\">")
RENDERS(addresses, a_str_right_after_a_slash_cannot_make_a_host,
    "<a href=\"/{{query}}\">", "<a href=\"/a%26b%3Dc%2Fd%20%C3%A9\">")
REFUSES(addresses, a_url_right_after_a_slash_is_refused,
    "<a href=\"/{{link}}\">", "brings its own slash")
RENDERS(addresses, a_url_may_follow_a_host,
    "<a href=\"https://pix.example{{link}}\">",
    "<a href=\"https://pix.example/p/7?a=1&amp;b=2\">")
REFUSES(addresses, a_str_may_not_be_a_host, "<a href=\"https://{{word}}/\">",
    "host's name")
REFUSES(addresses, a_str_may_not_be_part_of_a_host,
    "<a href=\"//a.{{word}}/\">", "host's name")
REFUSES(addresses, a_backslash_makes_a_host_too, "<a href=\"/\\{{word}}\">",
    "host's name")
REFUSES(addresses, a_javascript_address_is_refused,
    "<a href=\"javascript:a({{one}})\">", "may begin with http:")
REFUSES(addresses, a_scheme_in_odd_letters_is_refused,
    "<a href=\" JaVa\tScRipt:a({{one}})\">", "may begin with http:")
REFUSES(addresses, a_scheme_behind_references_is_refused,
    "<a href=\"&#106;avascript:{{one}}\">", "character references")
RENDERS(addresses, a_str_cannot_finish_a_scheme, "<a href=\"java{{script}}\">",
    "<a href=\"javajavascript%3Aalert%281%29\">")
REFUSES(addresses, a_scheme_may_not_hold_a_variable,
    "<a href=\"java{{word}}:a\">", "may begin with http:")
RENDERS(addresses, mailto_is_a_scheme_like_any_other,
    "<a href=\"mailto:{{word}}\">", "<a href=\"mailto:page\">")
RENDERS(addresses, a_str_after_a_url_is_percent_encoded,
    "<a href=\"{{away}}{{script}}\">", "<a href=\"javascript%3Aalert%281%29\">")
RENDERS(addresses, a_fragment_may_hold_a_variable, "<a href=\"#c{{one}}\">",
    "<a href=\"#c1\">")
RENDERS(addresses, srcset_holds_urls_and_widths,
    "<img srcset=\"{{link}} {{one}}w, {{item.link}} 2x\">",
    "<img srcset=\"/p/7?a=1&amp;b=2 1w, /i/5 2x\">")
REFUSES(addresses, each_candidate_of_srcset_must_begin_with_a_url,
    "<img srcset=\"{{link}} 1x, {{script}} 2x\">",
    "page:1:27: \"script\" (str): an address must begin with a url")
REFUSES(addresses, a_candidate_right_after_a_comma_must_be_a_url,
    "<img srcset=\"/a,{{script}}\">", "must begin with a url")
REFUSES(addresses, a_str_after_a_candidate_could_begin_another,
    "<img srcset=\"{{link}} {{word}}\">",
    "page:1:23: \"word\" (str): after an address in a list only an int")
REFUSES(addresses, a_time_in_srcset_could_begin_another,
    "<img srcset=\"/a?{{created.date}}\">", "no time in a list")
RENDERS(addresses, a_comma_in_a_str_begins_no_candidate,
    "<img srcset=\"/a{{comma}} 1x\">", "<img srcset=\"/a%2C%20b 1x\">")
REFUSES(addresses, a_list_may_not_turn_what_followed_an_address_into_one,
    "<img srcset=\"{{link}}w,!{{#items}}u&x 2x, {{/items}}/z 3x\">",
    "may not repeat the beginning")
REFUSES(addresses, a_section_may_not_end_after_an_address_and_begin_before_one,
    "<img srcset=\"{{#items}}{{link}} 2x {{/items}}\">", "both before the size")
RENDERS(addresses, srcset_may_come_from_a_list,
    "<img srcset=\"{{#items}}{{link}} {{number}}w, {{/items}}/z 9w\">",
    "<img srcset=\"/x 1w, /y 2w, /z 9w\">")
REFUSES(addresses, a_refresh_may_not_hold_a_variable,
    "<meta http-equiv=\"refresh\" content=\"0;url={{link}}\">",
    "beside http-equiv")
REFUSES(addresses, a_refresh_after_the_content_is_refused,
    "<meta content=\"{{word}}\" http-equiv=\"refresh\">",
    "beside a variable content")
RENDERS(addresses, a_plain_meta_may_hold_a_variable,
    "<meta name=\"description\" content=\"{{word}}\">",
    "<meta name=\"description\" content=\"page\">")

/* Sections. */
RENDERS(sections, an_attribute_may_be_in_a_section,
    "<li{{#yes}} class=\"a\"{{/yes}}>{{word}}", "<li class=\"a\">page")
RENDERS(sections, an_attribute_without_value_may_be_in_a_section,
    "<input name=\"a\"{{#yes}} checked{{/yes}}>{{word}}",
    "<input name=\"a\" checked>page")
RENDERS(sections, attributes_may_be_in_several_sections,
    "<a{{#yes}} b{{/yes}}{{^yes}} c=\"1\"{{/yes}} d=\"{{word}}\">",
    "<a b d=\"page\">")
RENDERS(sections, a_list_may_repeat_attributes,
    "<a{{#items}} d{{/items}}>{{word}}", "<a d d>page")
RENDERS(sections, part_of_a_value_may_be_in_a_section,
    "<a class=\"b{{#yes}} c{{/yes}}{{^yes}} d{{/yes}}\">{{word}}",
    "<a class=\"b c\">page")
RENDERS(sections, an_address_may_be_one_of_two,
    "<a href=\"{{#no}}{{link}}{{/no}}{{^no}}/a{{/no}}\">{{word}}",
    "<a href=\"/a\">page")
REFUSES(sections, an_address_after_a_hidden_one_must_be_a_url,
    "<a href=\"{{#no}}/a{{/no}}{{script}}\">", "must begin with a url")
REFUSES(sections, a_section_may_not_open_a_value, "<a{{#no}} b=\"{{/no}}\">",
    "inside the tag that it began in")
REFUSES(sections, a_section_may_not_close_a_tag, "<a{{#yes}}>{{/yes}}",
    "inside the tag that it began in")
REFUSES(sections, a_section_may_not_open_a_tag, "{{#yes}}<a {{/yes}}>",
    "in the HTML context that it began in")
REFUSES(sections, a_section_may_not_open_a_comment, "{{#yes}}<!--{{/yes}}-->",
    "in the HTML context that it began in")
REFUSES(sections, a_section_may_not_open_a_script,
    "{{#yes}}<script>{{/yes}}</script>", "in the HTML context that it began in")
REFUSES(sections, a_section_may_not_lead_to_another_value,
    "<a b=\"{{#yes}}\" href=\"{{/yes}}{{script}}\">",
    "in the element and attribute that it began in")
REFUSES(sections, a_section_may_not_spell_a_tag_name, "<a{{#yes}}b{{/yes}}>",
    "inside the tag that it began in")
REFUSES(sections, after_a_section_no_name_may_go_on,
    "<a{{#yes}} o{{/yes}}nclick=\"{{word}}\">", "put a space here")
REFUSES(sections, a_section_may_not_hold_an_unquoted_value,
    "<a b={{#yes}}c{{/yes}}>", "in the HTML context that it began in")
REFUSES(sections, a_scheme_may_not_be_put_together_by_sections,
    "<a href=\"{{#yes}}java{{/yes}}script:a\">", "may begin with http:")
REFUSES(sections, a_list_may_not_repeat_half_an_address,
    "<a href=\"{{#items}}/{{/items}}{{word}}\">",
    "repeat the beginning of an address")
REFUSES(sections, a_repeated_attribute_needs_a_space,
    "<a {{#items}}b{{/items}}>", "end the repeated attribute with a space")
REFUSES(sections, http_equiv_in_a_section_counts,
    "<meta{{#yes}} http-equiv=\"refresh\"{{/yes}} content=\"{{word}}\">",
    "beside http-equiv")
