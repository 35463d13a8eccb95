using FsCheck;
using FsCheck.Fluent;

namespace PortMgmt.Tests.Fuzz;

/// <summary>Tries inputs on a reader. What it throws, or says wrong, is shrunk to its least and fails the test.</summary>
internal sealed class Fuzzer(Xunit.ITestOutputHelper output)
{
    /// <summary>Tries mutations of valid inputs, and these themselves.</summary>
    /// <param name="corpus">Valid inputs.</param>
    /// <param name="accepts">Reads an input; whether it was taken. Throws nothing but for a fault.</param>
    /// <param name="share">How much of the usual number is tried; less for slow targets.</param>
    public void Run(IReadOnlyList<byte[]> corpus, Func<byte[], bool> accepts, double share = 1)
    {
        int tried = 0, taken = 0;
        void Try(byte[] input)
        {
            tried++;
            taken += accepts(input) ? 1 : 0;
        }

        foreach (byte[] input in corpus)
        {
            Try(input);
        }

        Gen<byte[]> mutations = Gen.Choose(int.MinValue, int.MaxValue).Select(seed => Mutator.Mutate(corpus, seed));
        Prop.ForAll(Arb.From(mutations, Mutator.Shrink), Try).Check(Config.QuickThrowOnFailure.WithMaxTest((int)(FuzzScale.Inputs * share)));
        output.WriteLine($"{tried} inputs tried, {taken} taken, {tried - taken} refused");
        if (taken == 0 || taken == tried)
        {
            throw new InvalidOperationException("Inputs that are all alike to the reader prove nothing: fix the corpus.");
        }
    }
}
