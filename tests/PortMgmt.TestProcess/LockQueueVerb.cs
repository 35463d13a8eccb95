using PortMgmt.Platform;

namespace PortMgmt.TestProcess;

/// <summary>
/// <c>turn FILE [shared]</c>: has the turn of those who wait for a lock file, says so, lets the next one in at the next line
/// of its input or at its end, says <c>left</c> and ends with its input.
/// </summary>
internal static class LockQueueVerb
{
    public static int Run(string lockFile, bool shared, TextReader input, TextWriter output)
    {
        // However long a busy machine takes for it: after a quarter of a second a turn that did not come is given up.
        IDisposable? turn = HostPlatform.Current.WaitForTurn(lockFile, shared, open: true, LockWait.For(TestRegistry.WaitTimeout), CancellationToken.None);
        output.WriteLine(turn is null ? "passed over" : "turn");
        input.ReadLine();
        turn?.Dispose();
        output.WriteLine("left");
        input.ReadToEnd();
        return 0;
    }
}
