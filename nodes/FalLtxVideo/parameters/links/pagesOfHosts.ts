/*
 * What is known about the places that LoRAs come from, as data. An address that is certainly no file
 * of weights is in here with what to take instead; one that is not in here is left to fal.
 */

/** A kind of address that leads to a page instead of a file. */
export interface PageKind {
	host: RegExp;
	/** Held against path and query, from their start. */
	path: RegExp;
	/** What to give instead, to end a sentence with; $1 and $2 are the brackets of the path. */
	instead: string;
}

const HUGGING_FACE = /^(www\.)?(huggingface\.co|hf\.co)$/;
const CIVITAI = /^(www\.)?civitai\.(com|green|red)$/;
const GITHUB = /^(www\.)?github\.com$/;
const GOOGLE_DRIVE = /^(drive|docs)\.google\.com$/;
const DROPBOX = /^(www\.)?dropbox\.com$/;

/** The first part of Hugging Face's own pages, which is no owner's name. */
const NOT_AN_OWNER =
	'(?!(?:api|blog|collections|datasets|docs|learn|models|organizations|papers|posts|settings|spaces|tasks)/)';

/** The first one that fits counts. */
export const PAGES: PageKind[] = [
	{
		host: HUGGING_FACE,
		path: /^\/((?:datasets\/|spaces\/)?[^/]+\/[^/]+)\/(?:blob|raw)\/([^?]+)/,
		instead: 'the file itself, not the page about it: https://huggingface.co/$1/resolve/$2',
	},
	{
		host: HUGGING_FACE,
		path: new RegExp(
			`^/${NOT_AN_OWNER}([^/?]+/[^/?]+?)/?(?:(?:tree|commits?|discussions)(?:/[^?]*)?)?(?:\\?.*)?$`,
		),
		instead:
			'the name of the repository, $1, or a file in it: https://huggingface.co/$1/resolve/main/NAME.safetensors',
	},
	{
		host: HUGGING_FACE,
		path: /^\/(datasets|spaces)\/([^/?]+\/[^/?]+)\/?(?:tree\/[^?]*)?(?:\?.*)?$/,
		instead: 'a file, not a page: https://huggingface.co/$1/$2/resolve/main/NAME.safetensors',
	},
	{
		host: CIVITAI,
		path: /^\/models\/\d[^?]*\?(?:.*&)?modelVersionId=(\d+)/,
		instead:
			'the download link, not the page about it: https://civitai.com/api/download/models/$1 (mostly with ?token= and your Civitai API key)',
	},
	{
		host: CIVITAI,
		path: /^\/api\/v1\/model-versions\/(\d+)/,
		instead:
			'the download link, not the data about it: https://civitai.com/api/download/models/$1 (mostly with ?token= and your Civitai API key)',
	},
	{
		host: CIVITAI,
		path: /^\/(?:models|images|posts|user|articles|collections|api\/v1)(?:[/?]|$)/,
		instead:
			'the download link of a version, not a page: https://civitai.com/api/download/models/ID, which is behind the Download button of the page',
	},
	{
		host: GITHUB,
		// With raw=true GitHub gives the file itself.
		path: /^\/([^/]+\/[^/]+)\/blob\/([^?]+)(?=\?|$)(?!\?(?:.*&)?raw=(?:true|1)(?:&|$))/,
		instead: 'the file itself, not the page about it: https://github.com/$1/raw/$2',
	},
	{
		host: GITHUB,
		path: /^\/([^/?]+\/[^/?]+?)\/?(?:tree\/[^?]*|releases(?:\/tag\/[^?]*)?\/?)?(?:\?.*)?$/,
		instead:
			'a file, not a page: https://github.com/$1/raw/main/NAME.safetensors, or the link of a file in a release',
	},
	{
		host: GOOGLE_DRIVE,
		path: /^\/(?:file\/d\/|open\?(?:.*&)?id=)([\w-]+)/,
		instead:
			'the download link, not the page about it: https://drive.usercontent.google.com/download?id=$1&export=download&confirm=t',
	},
	{
		host: GOOGLE_DRIVE,
		path: /^\/drive\/(?:.*\/)?folders\//,
		instead: 'the link of a single file, not of a folder',
	},
	{
		host: DROPBOX,
		path: /^\/(?:sh|scl\/fo)\//,
		instead: 'the link of a single file, not of a folder',
	},
	{
		host: DROPBOX,
		path: /^\/(?:s|scl\/fi)\/(?!.*[?&](?:dl|raw)=1)/,
		instead:
			'the file itself, not the page about it: the same link with dl=1 in place of dl=0 at its end',
	},
];

/** Files that hold no LoRA as fal takes it, by their extension, with what to give instead. */
export const OTHER_FILES: Record<string, string> = {
	...each(
		['ckpt', 'pt', 'pth'],
		'a .safetensors file: look for one of the same LoRA, or convert this one',
	),
	...each(
		['zip', 'rar', '7z', 'tar', 'gz', 'tgz'],
		'a .safetensors file: unpack the archive and take the one inside',
	),
	...each(['html', 'htm'], 'a .safetensors file: this is a web page'),
};

/**
 * Files of these names are mostly an older kind of weights, but some hosts give the name to every
 * file: a hint, no refusal.
 */
export const DOUBTFUL_FILES = ['bin'];

function each(extensions: string[], instead: string): Record<string, string> {
	return Object.fromEntries(extensions.map((extension) => [extension, instead]));
}
