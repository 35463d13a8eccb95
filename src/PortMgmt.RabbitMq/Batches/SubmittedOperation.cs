using PortMgmt.Operations;
using PortMgmt.RabbitMq.Messages;

namespace PortMgmt.RabbitMq.Batches;

/// <summary>An operation on its way to the queue of its type.</summary>
internal sealed class SubmittedOperation(PendingOperation operation, BatchLedger ledger, SubmitterJournal journal) : OutgoingMessage
{
    // After a lost connection its result may have come before its confirmation.
    public override bool IsObsolete => operation.HasEnded;

    public override void OnConfirmed()
    {
        ledger.CountPublished();

        // Where the result has come already, it says more than a note.
        if (!operation.HasEnded)
        {
            journal.RecordSent(operation.Id);
        }
    }

    public override void OnRefused(string reason, bool isUnroutable) => ledger.Fail(operation, isUnroutable
        ? KnownTypes.NotFound(operation.Operation.Type)
        : new OperationException(OperationErrorCode.OperationRejected, $"The broker refused operation '{operation.Id}': {reason}."));
}
