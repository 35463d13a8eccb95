using System.Diagnostics;

namespace PortMgmt.Operations.Dispatching;

/// <summary>Lets the parts of a dispatcher assert that its lock is held, and do nothing else with it.</summary>
/// <param name="owned">The lock; null where a part stands alone.</param>
internal readonly struct LockAssertion(Lock? owned)
{
    /// <summary>What is about to be touched is guarded by the lock.</summary>
    [Conditional("DEBUG")]
    public void AssertHeld() => Debug.Assert(owned is null || owned.IsHeldByCurrentThread, "The dispatcher's lock guards this and is not held.");
}
