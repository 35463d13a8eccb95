namespace PortMgmt.Operations.Concurrency;

/// <summary>A batch that waits for a place under a shared limit.</summary>
internal interface IPermitHeir
{
    /// <summary>A place was passed on: use it or give it back. Called without any lock held.</summary>
    void Inherit();
}
