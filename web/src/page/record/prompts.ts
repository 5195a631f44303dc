/** What is asked for while recording; every sentence was written for this page. */

const SENTENCES = `
the quiet river bends around the old mill
we packed sandwiches and drove to the coast
could you please send me the new address
my neighbour keeps seven very noisy geese
dinner is ready when the bread is brown
she fixed the bike with a borrowed wrench
they will arrive tomorrow just before noon
don't forget to water the plants on friday
the lazy cat jumped over an upturned box
what time does your train leave the station
he found twenty pounds in a jacket pocket
our meeting has moved to the larger room
thanks for the lovely photographs of the lake
please call me back after half past four
it's raining so take the yellow umbrella
we could watch a film or go for a walk
the exam was easier than everyone expected
nobody knows why the engine makes that sound
keep the receipt because you might return it
good morning and welcome to the workshop
her brother quickly solved the puzzle again
the market sells fresh fish every thursday
let's meet near the fountain in the square
you were right about the colour of the door
both teams played well despite the cold wind
maybe we should ask someone who lives here
there's still some coffee left in the kitchen
the children built a castle out of wet sand
happy birthday and best wishes from all of us
its wooden handle broke during the first week
sorry for the delay the traffic was terrible
put the heavy boxes under the wide staircase
have you ever been to an island in winter
the quick answer is yes but give me an hour
we're going to paint the hall light green
another storm is coming across the mountains
`;

const WORDS = `
about above accept across actually address afternoon again almost already always amazing another
answer anything apple around autumn balloon because before believe better between bottle bring
broken butter button careful change choose clearly coffee colour coming committee computer could
couple daughter decide different difficult dinner doctor during early effort eight either elephant
enough evening every exactly example excited favourite feeling finally follow forget forward friend
garden getting going green guess happen happy having healthy hello helpful herself history holiday
hope however hungry idea imagine important inside interesting island jacket journey jumping justice
keeping kitchen knowledge language later laugh leave letter little lovely making maybe message middle
million moment money morning mother music myself natural never night nothing number often opposite
orange outside paper parking people perfect person picture please possible probably problem pretty
promise quality question quick quiet quite rabbit reading really reason remember right river running
school science second sentence several should simple sister sleep something sometimes special spring
station still street student sugar summer support surprise sweet table teacher telephone thank their
there thing think though thought through ticket together tomorrow tonight travel trouble tuesday
under until usually village visit waiting walking want water weather wednesday week welcome where
whether which while whole window winter without woman wonderful world would writing yellow yesterday
young your yourself zebra zero
`;

export type PromptKind = "sentences" | "words";

/** All prompts of a kind, each as the words that it asks for. */
export const PROMPTS: Readonly<Record<PromptKind, readonly string[]>> = {
  sentences: SENTENCES.trim().split("\n"),
  words: WORDS.trim().split(/\s+/),
};

/** Whether a word is swiped: what has one letter is tapped. */
export function isSwiped(word: string): boolean {
  return word.length > 1;
}
