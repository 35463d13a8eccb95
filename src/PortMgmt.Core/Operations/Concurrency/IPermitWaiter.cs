namespace PortMgmt.Operations.Concurrency;

/// <summary>A batch that waits for a permit under a shared limit.</summary>
internal interface IPermitWaiter
{
    /// <summary>A permit was passed on: use it or give it back. Called without any lock held.</summary>
    void OnPermitGranted();
}
