import { type HintContext, showHint } from './showHint';
import { costLine, type VideoCost } from '../../cost/actualCost';

/** What the finished videos of one run cost, shown on the canvas at its end. */
export class RunCost {
	private readonly costs: VideoCost[] = [];

	/** Called with each finished video. */
	readonly add = (cost: VideoCost): void => {
		this.costs.push(cost);
	};

	/** Shows the sum, if there is anything to sum up. */
	show(context: HintContext): void {
		if (this.costs.length === 0) return;
		showHint(context, costLine(this.costs));
	}
}
