using System.Globalization;
using System.Runtime;
using PortMgmt.Leases;

namespace PortMgmt.TestProcess;

/// <summary>
/// <c>compiled</c>: leases a port, lists, renews and gives it back, each for the first time in this process, and prints how many methods
/// were compiled for each from when its work on the table began, which is under the lock, to its end.
/// </summary>
internal static class CompiledVerb
{
    public static int Run(TextWriter output)
    {
        var clock = new CountingClock();
        var registry = PortRegistry.Open(new PortRegistryOptions { TimeProvider = clock });
        PortLease lease = registry.Acquire("web");
        long acquired = clock.CompiledSince;
        registry.GetLeases();
        long listed = clock.CompiledSince;
        lease = registry.Renew(lease, TimeSpan.FromHours(1));
        long renewed = clock.CompiledSince;
        registry.Remove(lease);
        long removed = clock.CompiledSince;
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{acquired} {listed} {renewed} {removed}"));
        return 0;
    }

    /// <summary>The system's clock; knows what was compiled when it was last asked for the date, which is how work on a table begins.</summary>
    private sealed class CountingClock : TimeProvider
    {
        private long _compiled;

        public long CompiledSince => JitInfo.GetCompiledMethodCount(currentThread: true) - _compiled;

        public override DateTimeOffset GetUtcNow()
        {
            DateTimeOffset now = base.GetUtcNow();
            _compiled = JitInfo.GetCompiledMethodCount(currentThread: true);
            return now;
        }
    }
}
