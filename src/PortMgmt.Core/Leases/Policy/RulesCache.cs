using PortMgmt.Leases.Registry;
using PortMgmt.Platform;

namespace PortMgmt.Leases.Policy;

/// <summary>
/// The rules, read again when the policy's file has another time stamp or length, and when the system's part is older
/// than a second. Thread-safe: what is cached is replaced whole.
/// </summary>
internal sealed class RulesCache(HostPlatform platform, string policyFile, TimeProvider time)
{
    private const long SystemLifetimeMilliseconds = 1000;

    private Entry? _entry;

    public PortRules Get()
    {
        var file = new FileInfo(policyFile);
        DateTime written = file.LastWriteTimeUtc;
        long length = file.Exists ? file.Length : -1;
        long now = RegistrySession.MonotonicNow(time, platform);
        Entry? known = _entry;
        if (known is null || known.Written != written || known.Length != length)
        {
            known = Read(length < 0 ? new PortPolicy() : PolicyFile.Read(platform, policyFile), written, length, now);
        }
        else if (now - known.SystemReadAt >= SystemLifetimeMilliseconds)
        {
            known = Read(known.Rules.Policy, written, length, now);
        }

        _entry = known;
        return known.Rules;
    }

    private Entry Read(PortPolicy policy, DateTime written, long length, long now) =>
        new(new PortRules(policy, platform.ReadPortRules()), written, length, now);

    private sealed record Entry(PortRules Rules, DateTime Written, long Length, long SystemReadAt);
}
