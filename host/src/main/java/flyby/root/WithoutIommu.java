package flyby.root;

import flyby.bus.AddressType;
import flyby.iommu.InterruptRemapping;
import flyby.iommu.InterruptRequest;
import flyby.iommu.Translation;
import flyby.iommu.Translator;

/// What stands between a root port and memory if no IOMMU does: nothing that takes time.
final class WithoutIommu implements Translator, InterruptRemapping {
    @Override
    public boolean translate(Translation translation) {
        // Nobody has told a device what its addresses mean.
        if (translation.addressType() == AddressType.UNTRANSLATED) {
            translation.passThrough();
        } else {
            translation.refuse();
        }
        return true;
    }

    @Override
    public boolean remap(InterruptRequest request) {
        request.allow(0, 0);
        return true;
    }
}
