import type { Source } from '../media/medium.mts';
import { containerOf } from './containers.mts';
import type { Clip, SoundPiece, Still, VideoSpec } from './spec.mts';

/** Sizes of the fonts of the two texts. */
export interface FontSizes {
	prompt: number;
	caption: number;
}

/** The inputs of ffmpeg and its filters, which name an input by its number. */
class Graph {
	readonly inputs: string[] = [];
	readonly chains: string[] = [];
	#inputs = 0;
	#labels = 0;

	/** Adds an input and gives its number. */
	input(source: Source): number {
		this.inputs.push(...source);
		return this.#inputs++;
	}

	/** Adds filters and gives the label of what comes out. */
	chain(from: string, filters: readonly string[]): string {
		const label = `[l${this.#labels++}]`;
		this.chains.push(from + filters.join(',') + label);
		return label;
	}
}

const lavfi = (source: string): Source => ['-f', 'lavfi', '-i', source];

/** Texts are read from files next to the output, so that no character of a prompt can break a filter. */
function drawText(file: string, fontSize: number, y: string): string {
	return [
		`drawtext=textfile=${file}:fontfile=font.ttf:expansion=none:fontsize=${fontSize}`,
		`fontcolor=white:box=1:boxcolor=black@0.6:boxborderw=${Math.ceil(fontSize / 3)}`,
		`line_spacing=${Math.round(fontSize * 0.15)}:x=(w-text_w)/2:y=${y}`,
	].join(':');
}

function layClip(graph: Graph, under: string, clip: Clip, { width, height, fps }: VideoSpec) {
	const over = graph.chain(`[${graph.input(clip.picture)}:v]`, [
		'setpts=PTS-STARTPTS',
		`fps=${fps}`,
		// Its last frame stays when it has fewer than are needed.
		`tpad=stop_mode=clone:stop=${clip.frames}`,
		`trim=end_frame=${clip.frames}`,
		// The unit of time is a frame.
		`setpts=PTS+${clip.first}`,
		`scale=${width}:${height}`,
		'setsar=1',
		...(clip.effect === undefined ? [] : [clip.effect]),
		'format=yuv420p',
	]);
	return graph.chain(under + over, ['overlay=eof_action=pass']);
}

function layStill(graph: Graph, under: string, still: Still, { width, height, fps }: VideoSpec) {
	const isFirst = still.frame === 0;
	// Half a frame early, so that rounding can't make it late; it stays until the end.
	const time = isFirst ? '0' : `${still.frame - 0.5}/${fps}/TB`;
	const over = graph.chain(`[${graph.input(still.picture)}:v]`, [
		'trim=end_frame=1',
		'settb=AVTB',
		`setpts=${time}`,
		`scale=${width}:${height}`,
		'setsar=1',
		'format=yuv420p',
	]);
	return graph.chain(under + over, [`overlay=eof_action=${isFirst ? 'pass' : 'repeat'}`]);
}

/** @returns the label of the picture. */
function draw(graph: Graph, spec: VideoSpec, fonts: FontSizes): string {
	const { width, height, fps, frames, clip, stills } = spec;
	const pattern = `testsrc2=s=${width}x${height}:r=${fps},trim=end_frame=${frames}`;
	let picture = `[${graph.input(lavfi(pattern))}:v]`;
	if (clip?.isLettered) picture = layClip(graph, picture, clip, spec);
	picture = graph.chain(picture, [
		drawText('prompt.txt', fonts.prompt, '(h-text_h)/2'),
		drawText('caption.txt', fonts.caption, 'h-text_h-h/30'),
	]);
	for (const still of stills) picture = layStill(graph, picture, still, spec);
	if (clip && !clip.isLettered) picture = layClip(graph, picture, clip, spec);
	const { filters } = containerOf(spec.outputType);
	return filters === undefined ? picture : graph.chain(picture, [filters]);
}

function sourceOf(source: SoundPiece['source'], seconds: number): Source {
	if (source === 'tone') return lavfi(`sine=frequency=440:sample_rate=48000:duration=${seconds}`);
	if (source === 'silence') return lavfi('anullsrc=sample_rate=48000');
	return source;
}

/** @returns the label of the sound; none when there is none. */
function play(graph: Graph, { sound, fps }: VideoSpec): string | undefined {
	// Pieces can only be joined when they have the same channels.
	const channels = sound.length > 1 ? 'stereo' : 'mono|stereo';
	const pieces = sound.map(({ source, frames }) => {
		const seconds = frames / fps;
		return graph.chain(`[${graph.input(sourceOf(source, seconds))}:a]`, [
			'aresample=48000',
			`aformat=channel_layouts=${channels}`,
			'asetpts=PTS-STARTPTS',
			'apad',
			`atrim=duration=${seconds}`,
		]);
	});
	if (pieces.length < 2) return pieces[0];
	return graph.chain(pieces.join(''), [`concat=n=${pieces.length}:v=0:a=1`]);
}

/** ffmpeg's arguments for a video in its folder, where font and texts are. */
export function ffmpegArguments(spec: VideoSpec, fonts: FontSizes): string[] {
	const container = containerOf(spec.outputType);
	const graph = new Graph();
	const picture = draw(graph, spec, fonts);
	const sound = container.sound && play(graph, spec);
	return [
		...['-nostdin', '-v', 'error', '-y', ...graph.inputs],
		...['-filter_complex', graph.chains.join(';'), '-map', picture],
		...(sound === undefined ? [] : ['-map', sound, ...container.sound!]),
		...container.picture(spec.quality, spec.writeMode),
		`video.${container.extension}`,
	];
}
