import type { Purpose } from './fileExtensions';

/*
 * What is known about the places that files come from, as data, for LoRAs and media alike. An address
 * that certainly leads to a page is in here: with the address of the file behind it, if that is
 * certain too, else with what to give instead. One that is not in here is left to fal.
 */

interface Page {
	host: RegExp;
	/** Held against path and query, from their start. */
	path: RegExp;
	/** What it counts for; without it, for all. */
	of?: Purpose[];
}

/** A page whose file is known. */
export interface UsedPage extends Page {
	/** What the page is, to continue "… is". */
	is: string;
	/** What is used in its place; $1 and $2 are the brackets of the path. */
	use: string;
	/** What of the query goes along. */
	keep?: string[] | 'all';
	/** What a person should know besides; not shown where a part of the query that is named went along. */
	note?: string;
}

/** A page whose file is not known, or that has none or several. */
export interface RefusedPage extends Page {
	/**
	 * What to give instead, to end a sentence with; $1 and $2 are the brackets of the path, $name a
	 * name that a file of the purpose may have, $binary what to do to send a file of the workflow.
	 */
	instead: string;
}

export type PageKind = UsedPage | RefusedPage;

const HUGGING_FACE = /^(www\.)?(huggingface\.co|hf\.co|hf-mirror\.com)$/;
const CIVITAI = /^(www\.)?civitai\.(com|green|red)$/;
const GITHUB = /^(www\.)?github\.com$/;
const GITLAB = /^(www\.)?gitlab\.com$/;
const GOOGLE_DRIVE = /^(drive|docs)\.google\.com$/;
const DROPBOX = /^(www\.)?dropbox\.com$/;

const MEDIA: Purpose[] = ['image', 'audio', 'video'];

const PAGE_ABOUT_A_FILE = 'a page about the file';
const WITHOUT_A_BRANCH = 'no address of a file without /resolve/main/';

const NOT_THE_PAGE = 'the link of the file itself, not of the page about it';
const ONE_FILE = 'the link of a single file, not of a folder';
const NO_FILE_BY_LINK =
	'the link of a file, and this site gives none: read the file into the workflow and $binary';

const CIVITAI_TOKEN =
	"most downloads of Civitai need your API key at the link's end, as ?token= and the key";
const SHARED_WITH_ALL = 'fal gets it only if it is shared with everybody who has the link';

/** Hugging Face's own pages, whose first part is no owner's name. */
const OWN_PAGES =
	'(?:blog|chat|collections|docs|join|learn|login|models|new|organizations|papers|posts|pricing|settings|tasks)';
const NOT_AN_OWNER = `(?!(?:api|datasets|spaces|${OWN_PAGES})(?:[/?]|$))`;

/** The pages that a repository on Hugging Face has for a file. */
const FILE_PAGES = '(?:blame|blob|commits?|discussions|edit|raw|resolve|tree)';

/** The first one that fits counts. */
export const PAGES: PageKind[] = [
	{
		host: HUGGING_FACE,
		path: /^\/((?:datasets\/|spaces\/)?[^/?]+\/[^/?]+)\/(?:blob|raw)\/([^/?]+\/[^?]+)/,
		is: PAGE_ABOUT_A_FILE,
		use: 'https://huggingface.co/$1/resolve/$2',
	},
	{
		host: HUGGING_FACE,
		path: new RegExp(
			`^/((?:datasets/|spaces/)?${NOT_AN_OWNER}[^/?]+/[^/?]+)/(?!${FILE_PAGES}/)([^?]+\\.[a-z][a-z0-9]{1,11})(?:\\?.*)?$`,
			'i',
		),
		is: WITHOUT_A_BRANCH,
		use: 'https://huggingface.co/$1/resolve/main/$2',
	},
	{
		host: HUGGING_FACE,
		path: new RegExp(`^/${NOT_AN_OWNER}([^/?]+/[^/?]+?)/?(?:\\?.*)?$`),
		of: ['lora'],
		is: 'the page of a repository',
		use: '$1',
	},
	{
		host: HUGGING_FACE,
		path: new RegExp(
			`^/${NOT_AN_OWNER}([^/?]+/[^/?]+)/(?:blame|blob|commits?|discussions|edit|raw|tree)(?:[/?].*)?$`,
		),
		of: ['lora'],
		instead:
			'the name of the repository, $1, or a file in it: https://huggingface.co/$1/resolve/main/$name',
	},
	{
		host: HUGGING_FACE,
		path: /^\/((?:datasets\/|spaces\/)[^/?]+\/[^/?]+?)\/?(?:(?:blame|blob|commits?|discussions|edit|raw|tree)(?:[/?].*)?)?(?:\?.*)?$/,
		instead: 'a file, not a page: https://huggingface.co/$1/resolve/main/$name',
	},
	{
		host: HUGGING_FACE,
		path: new RegExp(
			`^/${NOT_AN_OWNER}([^/?]+/[^/?]+?)/?(?:(?:blame|blob|commits?|discussions|edit|raw|tree)(?:[/?].*)?)?(?:\\?.*)?$`,
		),
		of: MEDIA,
		instead: 'a file, not a page: https://huggingface.co/$1/resolve/main/$name',
	},
	{
		host: HUGGING_FACE,
		path: new RegExp(`^/(?:${OWN_PAGES}(?:[/?].*)?|(?:(?:datasets|spaces)/)?[^/?]*/?(?:\\?.*)?)$`),
		instead: 'a file, not a page: https://huggingface.co/OWNER/REPO/resolve/main/$name',
	},
	{
		host: CIVITAI,
		path: /^\/models\/\d[^?]*\?(?:.*&)?modelVersionId=(\d+)/,
		of: ['lora'],
		is: 'a page about the LoRA',
		use: 'https://civitai.com/api/download/models/$1',
		keep: ['token'],
		note: CIVITAI_TOKEN,
	},
	{
		host: CIVITAI,
		path: /^\/(?:api\/v1\/)?model-versions\/(\d+)/,
		of: ['lora'],
		is: 'an address of what is known about the LoRA',
		use: 'https://civitai.com/api/download/models/$1',
		keep: ['token'],
		note: CIVITAI_TOKEN,
	},
	{
		host: CIVITAI,
		path: /^\/(?:models|images|posts|user|articles|collections|api\/v1)(?:[/?]|$)/,
		of: ['lora'],
		instead:
			'the download link of a version, not a page: https://civitai.com/api/download/models/ID, which is behind the Download button of the page',
	},
	{
		host: CIVITAI,
		path: /^\/(?:models|images|posts|user|articles|collections)(?:[/?]|$)/,
		of: MEDIA,
		instead: NOT_THE_PAGE,
	},
	{
		host: GITHUB,
		// With raw=true GitHub gives the file itself.
		path: /^\/([^/?]+\/[^/?]+)\/(?:blob|blame|edit)\/([^/?]+\/[^?]+)(?=\?|$)(?!\?(?:.*&)?raw=(?:true|1)(?:&|$))/,
		is: PAGE_ABOUT_A_FILE,
		use: 'https://github.com/$1/raw/$2',
	},
	{
		host: GITHUB,
		path: /^\/([^/?]+\/[^/?]+?)\/?(?:tree\/[^?]*|releases(?:\/tag\/[^?]*)?\/?)?(?:\?.*)?$/,
		instead:
			'a file, not a page: https://github.com/$1/raw/main/$name, or the link of a file in a release',
	},
	{
		host: /^gist\.github\.com$/,
		path: /^\/[^/?]+\/[0-9a-f]{20,}\/?(?:\?.*)?$/,
		instead: 'the link behind the Raw button of the file, not of the page about it',
	},
	{
		host: GITLAB,
		path: /^\/([^?]+?)\/-\/(?:blob|blame)\/([^?]+)/,
		is: PAGE_ABOUT_A_FILE,
		use: 'https://gitlab.com/$1/-/raw/$2',
	},
	{
		host: GITLAB,
		path: /^\/([^?]+?)\/-\/tree(?:[/?]|$)/,
		instead: 'a file, not a page: https://gitlab.com/$1/-/raw/main/$name',
	},
	{
		host: GOOGLE_DRIVE,
		path: /^\/(?:file\/(?:u\/\d+\/)?d\/|(?:open|uc)\?(?:.*&)?id=)([\w-]+)/,
		is: 'an address that leads to a page, at least of a large file',
		use: 'https://drive.usercontent.google.com/download?id=$1&export=download&confirm=t',
		keep: ['resourcekey'],
		note: SHARED_WITH_ALL,
	},
	{
		host: GOOGLE_DRIVE,
		path: /^\/(?:drive(?:[/?]|$)|folderview\?)/,
		instead: ONE_FILE,
	},
	{
		host: GOOGLE_DRIVE,
		path: /^\/(?:document|spreadsheets|presentation|forms|drawings)\/(?!.*\/export(?:[/?]|$))/,
		instead: 'the link of a file, not of a document',
	},
	{
		host: DROPBOX,
		path: /^\/(?:sh|scl\/fo)\//,
		instead: ONE_FILE,
	},
	{
		host: DROPBOX,
		path: /^(\/(?:s|scl\/fi)\/[^?]+)(?!.*[?&](?:dl|raw)=1(?:&|$))/,
		is: PAGE_ABOUT_A_FILE,
		use: 'https://www.dropbox.com$1?dl=1',
		keep: 'all',
		note: 'dl=1 in its query makes the difference',
	},
	{
		host: DROPBOX,
		path: /^\/(?:home|preview|personal|work|t|transfer|request)(?:[/?]|$)/,
		instead: 'the link that Share gives for a single file, not the address of a page',
	},
	...all(
		[
			[/^(www\.)?mega\.(nz|io|co\.nz)$/, /^\/(?:file|folder|embed|#|$)/],
			[/^(www\.)?mediafire\.com$/, /^\/(?:file|folder|view|\?)/],
			[/^((www\.)?wetransfer\.com|we\.tl)$/, /^\/(?!$)/],
			[/^(www\.)?gofile\.io$/, /^\/d\//],
			[/^(www\.)?icloud\.com$/, /^\//],
			[/^share\.icloud\.com$/, /^\//],
			[/^photos\.(google\.com|app\.goo\.gl)$/, /^\//],
		],
		{ instead: NO_FILE_BY_LINK },
	),
	...all(
		[
			[/^((www|m|music)\.)?youtube(-nocookie)?\.com$/, /^\//],
			[/^youtu\.be$/, /^\//],
			[/^(www\.)?vimeo\.com$/, /^\/(?!external\/)/],
			[/^player\.vimeo\.com$/, /^\/video\//],
			[/^((www|m|vm|vt)\.)?tiktok\.com$/, /^\/(?:@|t\/|v\/|embed|\w+\/?(?:\?|$))/],
			[/^(www\.)?instagram\.com$/, /^\/(?!.*\/media\/)/],
			[/^((www|m|web)\.)?facebook\.com$/, /^\/(?:watch|reel|share|photo|.*\/(?:videos|posts)\/)/],
			[/^fb\.watch$/, /^\//],
			[/^((www|mobile)\.)?(x|twitter)\.com$/, /^\/\w+\/status\//],
			[/^((www|old|m)\.)?reddit\.com$/, /^\/r\/\w+\/(?:comments|s)\//],
			[/^(www\.)?twitch\.tv$/, /^\/videos\//],
			[/^(www\.)?dailymotion\.com$/, /^\/video\//],
			[/^(www\.)?bilibili\.com$/, /^\/video\//],
			[/^(www\.)?loom\.com$/, /^\/share\//],
			[/^open\.spotify\.com$/, /^\//],
			[/^((www|m|on)\.)?soundcloud\.com$/, /^\//],
			[/^music\.apple\.com$/, /^\//],
			[/^(www\.)?suno\.com$/, /^\/s(?:ong)?\//],
			[/^[\w-]+\.bandcamp\.com$/, /^\/(?:track|album)\//],
		],
		{ of: MEDIA, instead: NO_FILE_BY_LINK },
	),
	{
		host: /^commons\.wikimedia\.org$/,
		path: /^\/wiki\/File:([^?]+)/,
		of: MEDIA,
		is: PAGE_ABOUT_A_FILE,
		use: 'https://commons.wikimedia.org/wiki/Special:FilePath/$1',
	},
	...all(
		[
			[/^(www\.)?unsplash\.com$/, /^\/(?:photos\/(?![^/?]+\/download)|s\/|collections\/)/],
			[/^(www\.)?pexels\.com$/, /^\/(?:[a-z]{2}(?:-[a-z]{2})?\/)?(?:photo|video)\//],
			[
				/^(www\.)?pixabay\.com$/,
				/^\/(?:[a-z]{2}\/)?(?:photos|illustrations|vectors|videos|gifs|music|sound-effects)\//,
			],
			[/^(www\.)?freesound\.org$/, /^\/(?:people\/[^/]+\/sounds|s)\//],
			[/^(www\.)?flickr\.com$/, /^\/photos\//],
			[/^(www\.)?pinterest\.(com|de|fr|co\.uk|es|it|ca)$/, /^\/pin\//],
			[/^pin\.it$/, /^\//],
			[/^(www\.)?imgur\.com$/, /^\/(?:a\/|gallery\/|t\/|\w+\/?(?:\?|$))/],
			[/^(www\.)?giphy\.com$/, /^\/(?:gifs|clips|stickers)\//],
			[/^(www\.)?tenor\.com$/, /^\/(?:[a-zA-Z-]{2,5}\/)?view\//],
		],
		{ of: MEDIA, instead: NOT_THE_PAGE },
	),
];

function all(
	places: Array<[RegExp, RegExp]>,
	rest: Omit<RefusedPage, 'host' | 'path'>,
): PageKind[] {
	return places.map(([host, path]) => ({ host, path, ...rest }));
}
